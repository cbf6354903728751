using ActorTrading.Cluster.Ingest.Streams;
using ActorTrading.Engine.Ingest;
using ActorTrading.TestKit.Ingest;
using ActorTrading.TestKit.Ingest.Doors;
using Akka.Actor;

namespace ActorTrading.Cluster.Tests.Ingest;

/// <summary>The door of the cluster engine.</summary>
public sealed class Graphs : IDoors, IAsyncLifetime
{
    private readonly ActorSystem system = ActorSystem.Create("ingest", "akka.stdout-loglevel = OFF, akka.loglevel = OFF");

    public IIngestListener Open(IngestPipeline pipeline, IngestOptions options, TimeProvider? time = null) =>
        new IngestGraph(system, pipeline, options, time);

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync() => system.Terminate();
}

public sealed class GraphTests(Graphs doors) : DoorSuite<Graphs>(doors);

public sealed class GraphTlsTests(Graphs doors) : TlsSuite<Graphs>(doors);

public sealed class GraphFeedClientTests(Graphs doors) : FeedClientSuite<Graphs>(doors);

public sealed class GraphBrokenFramesTests(Graphs doors) : BrokenFramesSuite<Graphs>(doors);

public sealed class GraphHalfOpenClientTests(Graphs doors) : HalfOpenClientSuite<Graphs>(doors);

public sealed class GraphSlowLorisTests(Graphs doors) : SlowLorisSuite<Graphs>(doors);

public sealed class GraphStrangersTests(Graphs doors) : StrangersSuite<Graphs>(doors);

public sealed class GraphSlowReaderTests(Graphs doors) : SlowReaderSuite<Graphs>(doors);

public sealed class GraphVanishingClientTests(Graphs doors) : VanishingClientSuite<Graphs>(doors);

public sealed class GraphPaceTests(Graphs doors) : PaceSuite<Graphs>(doors);

[Collection(AloneCollection.Name)]
public sealed class GraphEndlessLineTests(Graphs doors) : EndlessLineSuite<Graphs>(doors);
