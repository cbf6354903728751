using ActorTrading.TestKit;

namespace ActorTrading.Engine.Tests;

public class LayeringTests
{
    [Fact]
    public void Engine_ReferencesOnlyWireDomainAndDatabases() =>
        Layering.ReferencesOnly("ActorTrading.Engine", "ActorTrading.Wire", "ActorTrading.Domain", "Microsoft.Data.Sqlite", "SQLitePCLRaw", "Npgsql", "Microsoft.Extensions.");
}
