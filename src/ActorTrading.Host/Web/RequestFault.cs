namespace ActorTrading.Host.Web;

/// <summary>A request that cannot be served: the HTTP status, a machine-readable code, and a text.</summary>
internal sealed class RequestFault(int status, string code, string message) : Exception(message)
{
    /// <summary>The HTTP status.</summary>
    public int Status { get; } = status;

    /// <summary>The machine-readable code, in snake case.</summary>
    public string Code { get; } = code;

    /// <summary>A fault for an invalid request parameter.</summary>
    public static RequestFault BadParameter(string name, string problem) => new(400, "bad_parameter", $"{name}: {problem}");
}
