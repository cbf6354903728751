using ActorTrading.Client;
using ActorTrading.Domain.Values;

namespace ActorTrading.Engine.Ingest.Client;

/// <summary>How a <see cref="FeedClient"/> sends.</summary>
public sealed record FeedOptions
{
    /// <summary>The name or address of the server.</summary>
    public string Host { get; init; } = "127.0.0.1";

    /// <summary>Its port.</summary>
    public int Port { get; init; } = IngestOptions.DefaultPort;

    /// <summary>Who sends. Not a source that the records name themselves, if they have seqs of their own.</summary>
    public required Source Source { get; init; }

    /// <summary>The epoch of this run; higher than that of any run before whose seqs are given anew.</summary>
    public long Epoch { get; init; }

    /// <summary>The seq of the first record that has none.</summary>
    public long FirstSeq { get; init; } = 1;

    /// <summary>How to encrypt; null: not at all.</summary>
    public FeedTls? Tls { get; init; }

    /// <summary>The token to show; empty for none.</summary>
    public string Token { get; init; } = "";

    /// <summary>Frames (true) or lines.</summary>
    public bool Binary { get; init; }

    /// <summary>How many records may wait for their ack; more wait to be taken.</summary>
    public int Window { get; init; } = 65_536;

    /// <summary>The wait before the second attempt to connect; doubles with each, and starts anew with an ack.</summary>
    public TimeSpan FirstBackOff { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>The longest such wait.</summary>
    public TimeSpan MaxBackOff { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>After how long without a word from the server it is taken for dead; some heartbeats long.</summary>
    public TimeSpan Silence { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>The clock of waits and latencies.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Hears of refusals, as the server words them; a resend may repeat one. Called one at a time; must not throw.</summary>
    public Action<string>? OnReject { get; init; }

    /// <summary>
    /// Hears, for each call of <see cref="FeedClient.SendAsync"/>, how long it took from the call to the ack of its
    /// last record. Must not throw.
    /// </summary>
    public Action<TimeSpan>? OnLatency { get; init; }

    /// <summary>Hears why a connection ended. Must not throw.</summary>
    public Action<string>? OnDisconnect { get; init; }
}
