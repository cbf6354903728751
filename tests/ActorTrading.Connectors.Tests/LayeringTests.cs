using ActorTrading.TestKit;

namespace ActorTrading.Connectors.Tests;

public class LayeringTests
{
    [Fact]
    public void Connectors_ReferenceTheEngineAndWhatItStandsOn_AkkaStreams_AndClientsOfOtherSystems() =>
        Layering.ReferencesOnly(
            "ActorTrading.Connectors", "ActorTrading.Engine", "ActorTrading.Client", "ActorTrading.Wire", "ActorTrading.Domain",
            "Microsoft.Extensions.", "Akka", "Confluent.Kafka", "StackExchange.Redis");
}
