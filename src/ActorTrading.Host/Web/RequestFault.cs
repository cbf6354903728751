namespace ActorTrading.Host.Web;

/// <summary>A request that cannot be served: the status, a code that programs compare, and words for people.</summary>
internal sealed class RequestFault(int status, string code, string message) : Exception(message)
{
    /// <summary>The HTTP status.</summary>
    public int Status { get; } = status;

    /// <summary>The code, in snake case.</summary>
    public string Code { get; } = code;

    /// <summary>A parameter of the request is not right.</summary>
    public static RequestFault BadParameter(string name, string problem) => new(400, "bad_parameter", $"{name}: {problem}");
}
