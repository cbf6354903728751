using ActorTrading.Client.Sending;

namespace ActorTrading.Engine.Ingest;

/// <summary>Why the server closes a connection: a code for programs and a message for people.</summary>
public sealed record IngestError(string Code, string Message)
{
    /// <summary>The hello cannot be read, has no source, or has a negative epoch.</summary>
    public const string BadHello = "bad_hello";

    /// <summary>The server requires a hello first.</summary>
    public const string HelloRequired = "hello_required";

    /// <summary>The source of the hello is not allowed here, or not with that token.</summary>
    public const string NotAllowed = "not_allowed";

    /// <summary>The first bytes belong to another protocol.</summary>
    public const string WrongProtocol = "wrong_protocol";

    /// <summary>No hello and no record came in time.</summary>
    public const string HelloTimeout = "hello_timeout";

    /// <summary>Another connection has sent a hello with the same source and epoch; that connection continues.</summary>
    public const string Superseded = "superseded";

    /// <summary>The TLS handshake is missing, failed or took too long, or the certificate of the other side is not trusted.</summary>
    public const string TlsFailed = "tls_failed";

    /// <summary>The binary stream is damaged: the start of the next frame is unknown.</summary>
    public const string DamagedStream = "damaged_stream";

    /// <summary>The server, or the caller, has reached its limit of connections.</summary>
    public const string TooManyConnections = "too_many_connections";

    /// <summary>No data for too long.</summary>
    public const string Idle = "idle";

    /// <summary>A line or frame was not completed in time.</summary>
    public const string TooSlow = "too_slow";

    /// <summary>The client has not read its pending answers for too long.</summary>
    public const string SlowReader = "slow_reader";

    /// <summary>The engine accepts no more records.</summary>
    public const string EngineStopped = "engine_stopped";

    /// <summary>The server is shutting down.</summary>
    public const string ShuttingDown = "shutting_down";

    /// <summary>Internal error of the server.</summary>
    public const string Internal = "internal";

    /// <summary>The error of a fault, or of an engine that has stopped.</summary>
    internal static IngestError Of(Exception why) => new(why is EngineStoppedException ? EngineStopped : Internal, why.Message);

    /// <summary>Whether the code means that access was refused: by rules, by certificate, or because the client is a browser.</summary>
    public static bool IsAccessDenied(string code) => code is HelloRequired or NotAllowed or TlsFailed or WrongProtocol;

    /// <summary>Whether a client that sent no hello is notified of the error.</summary>
    internal static bool IsToldWithoutHello(string code) => ServerReply.IsFinal(code) || code is HelloTimeout or TooManyConnections;
}
