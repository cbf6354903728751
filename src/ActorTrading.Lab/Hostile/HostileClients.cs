using System.Diagnostics;
using System.Text.Json;
using ActorTrading.Host;

namespace ActorTrading.Lab.Hostile;

/// <summary>
/// The hostile clients, in their own process, so that they take no time of the well-behaved clients' process. It has the lowest priority
/// when the system has <c>nice</c>. Real hostile clients have their own processors; these use the remaining processor time.
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

    /// <summary>Completes when the process ends by itself, which means an error in the hostile clients.</summary>
    public Task Ended => process.WaitForExitAsync();

    /// <summary>Starts the process.</summary>
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
        start.Environment["DOTNET_gcServer"] = "0"; // this executable is configured for server GC
        return new HostileClients(Process.Start(start)!);
    }

    /// <summary>Stops the process; returns what each kind sent and received.</summary>
    /// <exception cref="CommandException">The hostile clients had an error.</exception>
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
