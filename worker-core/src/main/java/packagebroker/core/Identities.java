package packagebroker.core;

import packagebroker.core.access.CustomerEndpoints;
import packagebroker.core.access.CustomerStore;
import packagebroker.core.access.Gate;
import packagebroker.core.access.PrincipalCache;
import packagebroker.core.access.RevocationEndpoints;
import packagebroker.core.access.RevocationStore;
import packagebroker.core.access.SessionEndpoints;
import packagebroker.core.access.SessionStore;
import packagebroker.core.access.SetupSecret;
import packagebroker.core.access.Strangers;
import packagebroker.core.access.TokenEndpoints;
import packagebroker.core.access.TokenStore;
import packagebroker.core.identity.AccessTeam;
import packagebroker.core.identity.OidcEndpoints;
import packagebroker.core.identity.PersonEndpoints;
import packagebroker.core.identity.PersonStore;
import packagebroker.core.identity.RuleEndpoints;
import packagebroker.core.identity.RuleStore;
import packagebroker.core.identity.SigningKeys;
import packagebroker.core.port.Ports;

/** The part of the graph that decides who comes in. */
record Identities(
        Gate gate,
        Strangers strangers,
        TokenEndpoints tokens,
        CustomerEndpoints customers,
        RevocationEndpoints revocations,
        SessionEndpoints sessions,
        PersonEndpoints people,
        RuleEndpoints rules,
        OidcEndpoints oidc) {

    static Identities of(
            Ports ports, Settings settings, Sources sources, TokenStore tokens, PrincipalCache principals) {
        SessionStore sessionStore =
                new SessionStore(ports.database(), ports.background(), settings.authCacheSeconds() == 0);
        SessionEndpoints sessions = new SessionEndpoints(sessionStore, principals, ports.random());
        SigningKeys keys = new SigningKeys(sources.client(), ports.signatures());
        TokenEndpoints tokenEndpoints = new TokenEndpoints(tokens, principals, ports.random());
        RuleStore rules = new RuleStore(ports.database());
        AccessTeam team = AccessTeam.find(settings.accessTeam(), settings.accessAudience(), settings.accessRoles());
        return new Identities(
                new Gate(
                        tokens,
                        sessionStore,
                        principals,
                        new SetupSecret(ports, settings.setupSecret()),
                        ports.clock()),
                new Strangers(settings.authFailuresPerMinute()),
                tokenEndpoints,
                new CustomerEndpoints(new CustomerStore(ports.database()), tokenEndpoints, principals),
                new RevocationEndpoints(new RevocationStore(ports.database()), principals),
                sessions,
                new PersonEndpoints(
                        new PersonStore(ports.database()),
                        sessions,
                        principals,
                        new PersonEndpoints.SignIn(team, keys)),
                new RuleEndpoints(rules, sources.guard(), ports.random()),
                new OidcEndpoints(rules, keys, ports.random()));
    }
}
