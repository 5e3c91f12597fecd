package org.teavm.classlib.java.util.concurrent.locks;

/** Stands in for {@link java.util.concurrent.locks.ReentrantLock}: a Worker has one thread, and Jackson never waits inside a lock. */
public class TReentrantLock {
    public void lock() {}

    public boolean tryLock() {
        return true;
    }

    public void unlock() {}
}
