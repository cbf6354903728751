using System.CommandLine;
using System.Net;
using System.Text.Json;
using ActorTrading.Host;

namespace ActorTrading.Lab.Hostile;

/// <summary>
/// The command <c>hostile-clients</c>: the process of <see cref="HostileClients"/>. It ends with its standard input, and prints its
/// tallies.
/// </summary>
internal static class HostileClientsCommand
{
    public const string Called = "hostile-clients";

    /// <summary>How long the end waits for kinds without an attempt. A busy machine runs the lowest priority late.</summary>
    private static readonly TimeSpan LastAttempt = TimeSpan.FromMinutes(1);

    public static Command Create()
    {
        var ticks = new Option<IPEndPoint>("--ticks")
        {
            Required = true, CustomParser = static result => IPEndPoint.Parse(result.Tokens[0].Value),
        };
        var http = new Option<IPEndPoint>("--http")
        {
            Required = true, CustomParser = static result => IPEndPoint.Parse(result.Tokens[0].Value),
        };
        var nodes = new Option<IPEndPoint?>("--nodes") { CustomParser = static result => IPEndPoint.Parse(result.Tokens[0].Value) };
        var kinds = new Option<string>("--kinds") { Required = true };
        var command = new Command(Called, "What hostile starts.") { ticks, http, nodes, kinds };
        command.Hidden = true;
        command.SetAction((parsed, cancellation) =>
        {
            var victim = new Victim(parsed.GetValue(ticks)!, parsed.GetValue(http)!, parsed.GetValue(nodes));
            return RunAsync(victim, HostileCommand.KindsOf(parsed.GetValue(kinds)), cancellation);
        });
        return command;
    }

    private static async Task<int> RunAsync(Victim victim, IReadOnlyList<HostileKind> kinds, CancellationToken cancellation)
    {
        using var hostile = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var tallies = kinds.ToDictionary(kind => kind, _ => new KindTally());
        var running = kinds.Select(
            kind => Task.Run(() => kind.RunAsync(victim, tallies[kind], hostile.Token), CancellationToken.None)).ToList();
        var input = Task.Run(Console.In.ReadToEnd, CancellationToken.None);
        var fault = Task.WhenAny(running.Select(UntilFaultAsync));
        await Task.WhenAny(input, fault);
        var attempts = running.Zip(tallies.Values, static (kind, tally) => Task.WhenAny(kind, tally.Attempted));
        await Task.WhenAny(Task.WhenAll(attempts), fault, Task.Delay(LastAttempt, cancellation));
        await hostile.CancelAsync();
        foreach (var kind in running)
        {
            await kind.ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
            if (kind.Exception?.InnerException is not { } broken || broken is OperationCanceledException) continue;
            await Console.Error.WriteLineAsync(broken.ToString());
            return ExitCode.NodeFailed;
        }

        using var json = new Utf8JsonWriter(Console.OpenStandardOutput());
        json.WriteStartObject();
        foreach (var (kind, tally) in tallies)
        {
            json.WriteStartObject(kind.Name);
            tally.Write(json);
            json.WriteEndObject();
        }

        json.WriteEndObject();
        return ExitCode.Ok;
    }

    /// <summary>Completes when a kind fails; never when it ends successfully, as a kind does that does not apply to this engine.</summary>
    private static async Task UntilFaultAsync(Task kind)
    {
        await kind.ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        if (!kind.IsFaulted) await Task.Delay(Timeout.Infinite);
    }
}
