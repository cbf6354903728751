using ActorTrading.TestKit;

namespace ActorTrading.Engine.Tests;

public class LayeringTests
{
    [Fact]
    public void Engine_ReferencesOnlyWireDomainClientAndDatabases() => Layering.ReferencesOnly(
        "ActorTrading.Engine", "ActorTrading.Wire", "ActorTrading.Domain", "ActorTrading.Client", "Microsoft.Data.Sqlite", "SQLitePCLRaw",
        "Npgsql", "Microsoft.Extensions.");

    [Fact]
    public void Client_ReferencesNothingButTheFramework() => Layering.ReferencesOnly("ActorTrading.Client");
}
