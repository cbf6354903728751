using ActorTrading.Cluster.Ingest;
using ActorTrading.Engine.Ingest;
using ActorTrading.TestKit.Ingest;
using ActorTrading.TestKit.Ingest.Suites;
using Akka.Actor;

namespace ActorTrading.Cluster.Tests.Ingest;

/// <summary>The listener of the cluster engine.</summary>
public sealed class Graphs : IListeners, IAsyncLifetime
{
    private readonly ActorSystem system = ActorSystem.Create("ingest", "akka.stdout-loglevel = OFF, akka.loglevel = OFF");

    public IngestListener Open(IngestPipeline pipeline, IngestOptions options, TimeProvider? time = null) =>
        IngestGraph.Listen(system, pipeline, options, time);

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync() => system.Terminate();
}

public sealed class GraphTests(Graphs listeners) : ListenerSuite<Graphs>(listeners);

public sealed class GraphTlsTests(Graphs listeners) : TlsSuite<Graphs>(listeners);

public sealed class GraphFeedClientTests(Graphs listeners) : FeedClientSuite<Graphs>(listeners);

public sealed class GraphBrokenFramesTests(Graphs listeners) : BrokenFramesSuite<Graphs>(listeners);

public sealed class GraphHalfOpenClientTests(Graphs listeners) : HalfOpenClientSuite<Graphs>(listeners);

public sealed class GraphSlowLorisTests(Graphs listeners) : SlowLorisSuite<Graphs>(listeners);

public sealed class GraphStrangersTests(Graphs listeners) : StrangersSuite<Graphs>(listeners);

public sealed class GraphSlowReaderTests(Graphs listeners) : SlowReaderSuite<Graphs>(listeners);

public sealed class GraphVanishingClientTests(Graphs listeners) : VanishingClientSuite<Graphs>(listeners);

public sealed class GraphPaceTests(Graphs listeners) : PaceSuite<Graphs>(listeners);

[Collection(AloneCollection.Name)]
public sealed class GraphEndlessLineTests(Graphs listeners) : EndlessLineSuite<Graphs>(listeners);
