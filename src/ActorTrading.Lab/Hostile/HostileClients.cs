using System.Diagnostics;
using System.Text.Json;
using ActorTrading.Host;

namespace ActorTrading.Lab.Hostile;

/// <summary>
/// The hostile clients, in a process of their own: what they do costs the good ones no time of the same process. Where the system has
/// <c>nice</c> it is of the lowest priority. In the wild such clients have processors of their own; here they use what the others leave.
/// </summary>
internal sealed class HostileClients : IDisposable
{
    private const string Nice = "/usr/bin/nice";

    private readonly Process process;
    private readonly Task<string> output;
    private readonly Task<string> errors;

    private HostileClients(Process process)
    {
        this.process = process;
        (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
    }

    /// <summary>Completes when they end by themselves, which they do after a fault of their own.</summary>
    public Task Ended => process.WaitForExitAsync();

    /// <summary>Starts them.</summary>
    public static HostileClients Start(Victim victim, IEnumerable<HostileKind> kinds)
    {
        List<string> words =
        [
            Product.Runtime, typeof(HostileClients).Assembly.Location, HostileClientsCommand.Called, "--ticks", $"{victim.Ticks}", "--http",
            $"{victim.Http}", "--kinds", string.Join(',', kinds.Select(kind => kind.Name)),
        ];
        if (victim.Nodes is { } nodes) words.AddRange(["--nodes", $"{nodes}"]);
        if (File.Exists(Nice)) words.InsertRange(0, [Nice, "-n", "19"]);
        var start = new ProcessStartInfo(words[0], words.Skip(1))
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        start.Environment["DOTNET_gcServer"] = "0"; // the settings of this executable are those of a server
        return new HostileClients(Process.Start(start)!);
    }

    /// <summary>Ends them, and tells what each kind sent and got.</summary>
    /// <exception cref="CommandException">They had a fault of their own.</exception>
    public async Task<IReadOnlyList<(HostileKind Kind, KindTally Tally)>> StopAsync(TimeSpan patience)
    {
        process.StandardInput.Close();
        await process.WaitForExitAsync().WaitAsync(patience);
        if (process.ExitCode != ExitCode.Ok)
            throw new CommandException(ExitCode.NodeFailed, $"The hostile clients have a fault of their own: {await errors}");
        using var tallies = JsonDocument.Parse(await output);
        return [.. tallies.RootElement.EnumerateObject().Select(each => (HostileKinds.Named(each.Name)!, KindTally.Read(each.Value)))];
    }

    public void Dispose()
    {
        if (!process.HasExited) process.Kill();
        process.Dispose();
    }
}
