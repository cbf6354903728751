using ActorTrading.Engine.Ingest;
using ActorTrading.TestKit.Ingest;
using ActorTrading.TestKit.Ingest.Suites;

namespace ActorTrading.Engine.Tests.Ingest;

/// <summary>The listener of the embedded engine.</summary>
public sealed class Listeners : IListeners
{
    public IngestListener Open(IngestPipeline pipeline, IngestOptions options, TimeProvider? time = null) =>
        new IngestListener(pipeline, options, time);
}

public sealed class ListenerTests(Listeners listeners) : ListenerSuite<Listeners>(listeners);

public sealed class ListenerTlsTests(Listeners listeners) : TlsSuite<Listeners>(listeners);

public sealed class ListenerFeedClientTests(Listeners listeners) : FeedClientSuite<Listeners>(listeners);

public sealed class ListenerBrokenFramesTests(Listeners listeners) : BrokenFramesSuite<Listeners>(listeners);

public sealed class ListenerHalfOpenClientTests(Listeners listeners) : HalfOpenClientSuite<Listeners>(listeners);

public sealed class ListenerSlowLorisTests(Listeners listeners) : SlowLorisSuite<Listeners>(listeners);

public sealed class ListenerStrangersTests(Listeners listeners) : StrangersSuite<Listeners>(listeners);

public sealed class ListenerSlowReaderTests(Listeners listeners) : SlowReaderSuite<Listeners>(listeners);

public sealed class ListenerVanishingClientTests(Listeners listeners) : VanishingClientSuite<Listeners>(listeners);

public sealed class ListenerPaceTests(Listeners listeners) : PaceSuite<Listeners>(listeners);

[Collection(AloneCollection.Name)]
public sealed class ListenerEndlessLineTests(Listeners listeners) : EndlessLineSuite<Listeners>(listeners);
