using ActorTrading.Client.Sending;

namespace ActorTrading.Engine.Ingest;

/// <summary>Why the server closes a connection: a code that programs compare, and words for people.</summary>
public sealed record IngestError(string Code, string Message)
{
    /// <summary>The hello cannot be read, or names no source or a negative epoch.</summary>
    public const string BadHello = "bad_hello";

    /// <summary>This server wants a hello first.</summary>
    public const string HelloRequired = "hello_required";

    /// <summary>The hello's source may not send here, or not with that token.</summary>
    public const string NotAllowed = "not_allowed";

    /// <summary>The first bytes are of another protocol.</summary>
    public const string WrongProtocol = "wrong_protocol";

    /// <summary>Neither a hello nor a record came in time.</summary>
    public const string HelloTimeout = "hello_timeout";

    /// <summary>Another connection has said hello with the same source and epoch: that one goes on.</summary>
    public const string Superseded = "superseded";

    /// <summary>There was no handshake of TLS, or not in time, or the other side's certificate is not believed.</summary>
    public const string TlsFailed = "tls_failed";

    /// <summary>The binary stream is damaged, so it is not known where the next frame begins.</summary>
    public const string DamagedStream = "damaged_stream";

    /// <summary>The server, or the caller, has as many connections as it may.</summary>
    public const string TooManyConnections = "too_many_connections";

    /// <summary>Nothing came for too long.</summary>
    public const string Idle = "idle";

    /// <summary>A line or frame began and did not end in time.</summary>
    public const string TooSlow = "too_slow";

    /// <summary>Answers wait for a client that has not read any for too long.</summary>
    public const string SlowReader = "slow_reader";

    /// <summary>The engine takes nothing any more.</summary>
    public const string EngineStopped = "engine_stopped";

    /// <summary>The server is being stopped.</summary>
    public const string ShuttingDown = "shutting_down";

    /// <summary>A fault of the server itself.</summary>
    public const string Internal = "internal";

    /// <summary>Whether a code says that the client may not do what it wants, by rules or certificate, or as a browser.</summary>
    public static bool IsRefusal(string code) => code is HelloRequired or NotAllowed or TlsFailed or WrongProtocol;

    /// <summary>Whether a client is told that said no hello.</summary>
    internal static bool IsToldWithoutHello(string code) => ServerReply.IsFinal(code) || code is HelloTimeout or TooManyConnections;
}
