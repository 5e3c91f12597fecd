package org.teavm.classlib.java.util.concurrent.atomic;

/** Stands in for {@link java.util.concurrent.atomic.AtomicReferenceArray}: a Worker has one thread, so an array is enough. */
public class TAtomicReferenceArray<E> {
    private final E[] elements;

    @SuppressWarnings("unchecked") // nobody outside sees the array
    public TAtomicReferenceArray(int length) {
        elements = (E[]) new Object[length];
    }

    public final int length() {
        return elements.length;
    }

    public final E get(int index) {
        return elements[index];
    }

    public final void set(int index, E element) {
        elements[index] = element;
    }

    public final E getAndSet(int index, E element) {
        E before = elements[index];
        elements[index] = element;
        return before;
    }
}
