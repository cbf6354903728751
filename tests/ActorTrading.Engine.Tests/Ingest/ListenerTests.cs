using ActorTrading.Engine.Ingest;
using ActorTrading.TestKit.Ingest;
using ActorTrading.TestKit.Ingest.Doors;

namespace ActorTrading.Engine.Tests.Ingest;

/// <summary>The door of the embedded engine.</summary>
public sealed class Listeners : IDoors
{
    public IIngestListener Open(IngestPipeline pipeline, IngestOptions options, TimeProvider? time = null) =>
        new IngestListener(pipeline, options, time);
}

public sealed class ListenerTests(Listeners doors) : DoorSuite<Listeners>(doors);

public sealed class ListenerTlsTests(Listeners doors) : TlsSuite<Listeners>(doors);

public sealed class ListenerFeedClientTests(Listeners doors) : FeedClientSuite<Listeners>(doors);

public sealed class ListenerBrokenFramesTests(Listeners doors) : BrokenFramesSuite<Listeners>(doors);

public sealed class ListenerHalfOpenClientTests(Listeners doors) : HalfOpenClientSuite<Listeners>(doors);

public sealed class ListenerSlowLorisTests(Listeners doors) : SlowLorisSuite<Listeners>(doors);

public sealed class ListenerStrangersTests(Listeners doors) : StrangersSuite<Listeners>(doors);

public sealed class ListenerSlowReaderTests(Listeners doors) : SlowReaderSuite<Listeners>(doors);

public sealed class ListenerVanishingClientTests(Listeners doors) : VanishingClientSuite<Listeners>(doors);

public sealed class ListenerPaceTests(Listeners doors) : PaceSuite<Listeners>(doors);

[Collection(AloneCollection.Name)]
public sealed class ListenerEndlessLineTests(Listeners doors) : EndlessLineSuite<Listeners>(doors);
