package packagebroker.entry.adapter;

import java.util.AbstractList;
import java.util.ArrayList;
import java.util.List;
import packagebroker.core.port.Database;
import packagebroker.core.port.DatabaseException;
import packagebroker.core.port.Row;
import packagebroker.core.port.Statement;
import packagebroker.entry.js.D1Database;
import packagebroker.entry.js.D1DatabaseSession;
import packagebroker.entry.js.D1PreparedStatement;
import packagebroker.entry.js.D1Result;
import packagebroker.entry.js.Timer;
import packagebroker.entry.js.Values;

/** D1. Each call is one round trip in a session of its own. */
public final class D1 implements Database {
    private static final String ANYWHERE = "first-unconstrained";
    private static final String PRIMARY = "first-primary";
    private static final int TRIES = 3;
    private static final int FIRST_PAUSE = 50;

    private final D1Database database;
    private final Counters counters;
    private final String reads;

    /** Creates one whose reads any replica may answer. */
    public D1(D1Database database, Counters counters) {
        this(database, counters, ANYWHERE);
    }

    private D1(D1Database database, Counters counters, String reads) {
        this.database = database;
        this.counters = counters;
        this.reads = reads;
    }

    @Override
    public Database primary() {
        return new D1(database, counters, PRIMARY);
    }

    @Override
    public List<List<Row>> queryAll(List<Statement> statements) {
        List<List<Row>> all = new ArrayList<>(statements.size());
        Values results = read(statements);
        for (int i = 0; i < results.size(); i++) {
            all.add(new Rows((D1Result) results.at(i)));
        }
        return all;
    }

    @Override
    public List<Integer> batch(List<Statement> statements) {
        List<Integer> changes = new ArrayList<>(statements.size());
        try {
            Values results = send(PRIMARY, statements);
            for (int i = 0; i < results.size(); i++) {
                changes.add(((D1Result) results.at(i)).changes());
            }
        } catch (JsException e) {
            throw refusal(e);
        }
        return changes;
    }

    /** Reads again what failed in passing; a change is never repeated, since nobody knows whether it happened. */
    private Values read(List<Statement> statements) {
        for (int attempt = 1; ; attempt++) {
            try {
                return send(reads, statements);
            } catch (JsException e) {
                if (attempt == TRIES || !isPassing(e.text())) {
                    throw refusal(e);
                }
            }
            int pause = FIRST_PAUSE << (attempt - 1);
            Promises.find(Timer.after(pause + WebRandom.below(pause)));
        }
    }

    /** Makes one round trip and returns a {@link D1Result} for each statement. */
    private Values send(String constraint, List<Statement> statements) {
        Values results = Values.create();
        if (statements.isEmpty()) {
            return results;
        }
        D1DatabaseSession session = database.withSession(constraint);
        counters.databaseTrip();
        if (statements.size() == 1) {
            results.add(Promises.await(prepare(session, statements.get(0)).all()));
        } else {
            results = Promises.await(session.batch(prepareAll(session, statements)));
        }
        for (int i = 0; i < results.size(); i++) {
            counters.rows((D1Result) results.at(i));
        }
        return results;
    }

    private static Values prepareAll(D1DatabaseSession session, List<Statement> statements) {
        Values prepared = Values.create();
        for (Statement statement : statements) {
            prepared.add(prepare(session, statement));
        }
        return prepared;
    }

    private static D1PreparedStatement prepare(D1DatabaseSession session, Statement statement) {
        D1PreparedStatement prepared = session.prepare(statement.sql());
        if (statement.parameters().isEmpty()) {
            return prepared;
        }
        Values values = Values.create();
        for (Object parameter : statement.parameters()) {
            if (parameter instanceof Number number) {
                values.addNumber(number.doubleValue());
            } else {
                values.addText((String) parameter);
            }
        }
        return prepared.bind(values);
    }

    /** Returns whether D1 says that asking again may help; when it is overloaded, that would make it worse. */
    private static boolean isPassing(String message) {
        return message.contains("Network connection lost")
                || message.contains("storage caused object to be reset")
                || message.contains("reset because its code was updated")
                || message.contains("transient issue");
    }

    private static DatabaseException refusal(JsException e) {
        DatabaseException refusal = DatabaseException.of(e.text());
        refusal.initCause(e);
        return refusal;
    }

    /** The rows of a result, each looked at only when it is asked for. */
    private static final class Rows extends AbstractList<Row> {
        private final D1Result result;

        Rows(D1Result result) {
            this.result = result;
        }

        @Override
        public Row get(int index) {
            if (index < 0 || index >= size()) {
                throw new IndexOutOfBoundsException();
            }
            return new RuntimeRow(result.row(index));
        }

        @Override
        public int size() {
            return result.size();
        }
    }
}
