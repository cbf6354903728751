using System.Diagnostics;

namespace ActorTrading.Host.Clustering;

/// <summary>A node in its own process.</summary>
internal sealed class NodeProcess : ChildProcess
{
    private NodeProcess(ProcessStartInfo start, Action<string>? onLine)
        : base(start, onLine) => Listening = LineAsync(static line => line.StartsWith("listening on ", StringComparison.Ordinal));

    /// <summary>Completes with its line when the node accepts ticks; fails when it ends before.</summary>
    public Task<string> Listening { get; }

    /// <summary>Starts the command <c>node</c> with arguments and environment variables. Passes each output line to a callback.</summary>
    public static NodeProcess Start(
        NodeProgram program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null,
        Action<string>? onLine = null)
    {
        var start = program.Starts(["node", "--stop-with-input", .. arguments]); // its input ends with this process, even after a kill
        start.RedirectStandardInput = true;
        foreach (var (name, value) in environment ?? new Dictionary<string, string>()) start.Environment[name] = value;
        return new NodeProcess(start, onLine);
    }
}
