using ActorTrading.TestKit;

namespace ActorTrading.Engine.Tests;

public class LayeringTests
{
    [Fact]
    public void Engine_ReferencesOnlyWireDomainAndSqlite() =>
        Layering.ReferencesOnly("ActorTrading.Engine", "ActorTrading.Wire", "ActorTrading.Domain", "Microsoft.Data.Sqlite", "SQLitePCLRaw", "Microsoft.Extensions.");
}
