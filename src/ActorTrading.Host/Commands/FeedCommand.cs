using System.CommandLine;
using System.Globalization;
using ActorTrading.Client;
using ActorTrading.Domain.Values;
using ActorTrading.Engine.Ingest.Client;
using ActorTrading.Host.Archive;
using ActorTrading.Host.Feeding;
using ActorTrading.Host.Feeding.Following;
using ActorTrading.Host.Terminal;
using ActorTrading.Wire.Files;

namespace ActorTrading.Host.Commands;

/// <summary>The command <c>feed</c>: sends a file to a node, each record exactly once, even when the connection breaks.</summary>
internal static class FeedCommand
{
    private const string Description =
        "Send files to a node. Reconnects and resends unacknowledged records: none is lost or counted twice. "
        + "Ends when all records are durable.";

    private const string ExampleLines =
        """
        actortrading feed trades.csv.gz
        actortrading feed market.ndjson --to 127.0.0.1:9999 --binary --rate 50000
        actortrading feed market.ndjson --to node-1.example:9999
        actortrading feed yesterday.csv --realtime
        actortrading feed ticks.log --follow
        actortrading generate --ticks 1000000 | actortrading feed -
        actortrading feed trades.csv.gz --to 10.0.0.5:9999 --ca authority.crt --tls-name node.example --token-file token.txt
        """;

    private static readonly Source StandardInput = Source.Parse("stdin");

    /// <summary>
    /// How long a cancelled feed of a followed file waits for the last acknowledgements. Unacknowledged records are sent again by the next
    /// run.
    /// </summary>
    private static readonly TimeSpan LastAcks = TimeSpan.FromSeconds(5);

    public static Command Create()
    {
        var files = new Argument<string[]>("FILE")
        {
            Description = "Input files, sent in the given order; - is standard input.", Arity = ArgumentArity.OneOrMore,
        };
        var node = new NodeTarget();
        var binary = new Option<bool>("--binary") { Description = "Send in the binary format." };
        var rate = new Option<long?>("--rate")
        {
            Description = "Number of records to send per second.",
            HelpName = "N",
            CustomParser = static result =>
            {
                var text = result.Tokens.Single().Value;
                if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value > 0) return value;
                result.AddError($"'{text}' is not a rate: a whole number above 0.");
                return null;
            },
        };
        var realTime = new Option<bool>("--realtime") { Description = "Send at the intervals of the records' timestamps." };
        var max = new Option<bool>("--max") { Description = "Send as fast as the node accepts records (the default)." };
        var follow = new Option<bool>("--follow")
        {
            Description = "Continue with lines that are appended to the file, and with files that replace it, until Ctrl-C.",
        };
        var cursor = new Option<string?>("--cursor")
        {
            Description = "File in which --follow stores its position. Default: FILE.fed.", HelpName = "FILE",
        };
        var input = new InputOptions();
        var command = new Command("feed", Description)
        {
            files, node.To, binary, rate, realTime, max, follow, cursor, node.Tls, node.TlsName,
        };
        node.AddCredentialsTo(command);
        input.AddTo(command);
        command.Validators.Add(result =>
        {
            if (((Option[])[rate, realTime, max]).Count(option => result.GetResult(option) is { Implicit: false }) > 1)
                result.AddError("Give only one of --rate, --realtime and --max.");
            if (result.GetValue(follow) && result.GetValue(files) is not [not RecordFile.StandardInput])
                result.AddError("--follow requires exactly one file.");
            if (!result.GetValue(follow) && result.GetValue(cursor) is not null) result.AddError("--cursor requires --follow.");
        });
        command.SetAction((parsed, cancellation) =>
        {
            var server = node.Read(parsed, StandardInput) with { Binary = parsed.GetValue(binary) };
            var paths = parsed.GetRequiredValue(files);
            var pace = PaceOf(parsed, rate, realTime);
            return parsed.GetValue(follow)
                ? FollowAsync(
                    paths[0], parsed.GetValue(cursor) ?? FollowOptions.CursorPathOf(paths[0]), (server, pace), input.Read(parsed, null),
                    cancellation)
                : RunAsync(paths, server, pace, progress => input.Read(parsed, progress), cancellation);
        });
        return command.WithExamples(ExampleLines);
    }

    private static async Task<int> RunAsync(
        string[] files, FeedOptions server, FeedPace pace, Func<IProgress<ReadProgress>, ReadOptions> reading,
        CancellationToken cancellation)
    {
        var isDone = false;
        await using var progress = new FeedProgress(TimeProvider.System);
        var taken = new List<InputTaken>();
        var read = reading(progress) with { OnTaken = taken.Add };
        await using var client = new FeedClient(server with
        {
            Source = read.Source ?? (files[0] == RecordFile.StandardInput ? StandardInput : RecordFile.SourceOf(files[0])),
            // Standard input gets a new epoch for each run.
            Epoch = files.Contains(RecordFile.StandardInput) ? DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() : 0,
            OnLatency = progress.OnLatency,
            OnDisconnect = why =>
            {
                if (!Volatile.Read(ref isDone)) Console.Error.Say(why);
            },
        });
        var sink = new FeedSink(client, pace, TimeProvider.System, cancellation);
        progress.Begin(() => client.Status);
        try
        {
            foreach (var file in files)
            {
                // Reading is synchronous and blocks while the node has no capacity, so it runs on its own thread.
                await Task.Run(() => ArchiveInput.Read(file, read, sink, cancellation), cancellation);
            }

            sink.Flush();
            await client.FlushAsync(cancellation);
            Volatile.Write(ref isDone, true);
        }
        catch (InputException exception)
        {
            sink.Flush();
            await client.FlushAsync(cancellation);
            Volatile.Write(ref isDone, true);
            await progress.DisposeAsync();
            Console.Error.Say(exception.Message);
            Print(client.Status, sink, progress, taken);
            return ExitCode.BadInput;
        }
        catch (FeedRefusedException exception)
        {
            throw new CommandException(ExitCode.BadOutput, $"{server.Host}:{server.Port}: {exception.Message}");
        }

        await progress.DisposeAsync();
        Print(client.Status, sink, progress, taken);
        return ExitCode.Ok;
    }

    private static async Task<int> FollowAsync(
        string path, string cursorPath, (FeedOptions Server, FeedPace Pace) to, ReadOptions reading, CancellationToken cancellation)
    {
        var isDone = false;
        await using var progress = new FeedProgress(TimeProvider.System);
        var taken = new List<InputTaken>();
        var source = reading.Source ?? RecordFile.SourceOf(path);
        var node = $"{to.Server.Host}:{to.Server.Port}";
        var start = FollowCursor.Load(cursorPath, node, source.Name) ?? FollowCursor.Begin(node, source.Name);
        await using var client = new FeedClient(to.Server with
        {
            Source = source,
            OnLatency = progress.OnLatency,
            OnDisconnect = why =>
            {
                if (!Volatile.Read(ref isDone)) Console.Error.Say(why);
            },
        });
        var sink = new FeedSink(client, to.Pace, TimeProvider.System, cancellation);
        var options = new FollowOptions(path, cursorPath, source, reading with { OnTaken = taken.Add }) { Say = Console.Error.Say };
        var feed = new FollowFeed(options, start, client, sink);
        progress.Begin(() => client.Status);
        try
        {
            await Task.Run(() => feed.Run(cancellation), CancellationToken.None);
        }
        catch (OperationCanceledException)
        {
            using var limit = new CancellationTokenSource(LastAcks);
            await client.FlushAsync(limit.Token).ContinueWith(
                static _ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
            feed.Save();
        }
        catch (FeedRefusedException exception)
        {
            throw new CommandException(ExitCode.BadOutput, $"{node}: {exception.Message}");
        }

        Volatile.Write(ref isDone, true);
        await progress.DisposeAsync();
        Print(client.Status, sink, progress, taken);
        return ExitCode.Ok;
    }

    private static FeedPace PaceOf(ParseResult parsed, Option<long?> rate, Option<bool> realTime) =>
        parsed.GetValue(rate) is { } perSecond ? FeedPace.PerSecond(perSecond, TimeProvider.System)
        : parsed.GetValue(realTime) ? FeedPace.RealTime(TimeProvider.System)
        : FeedPace.Max();

    private static void Print(FeedStatus status, FeedSink sink, FeedProgress progress, IReadOnlyList<InputTaken> taken)
    {
        foreach (var input in taken) Console.Out.Say($"{input}");
        var text = FormattableString.Invariant(
            $"sent {status.Taken:N0}, acknowledged {status.Acknowledged:N0}, refused by the node {status.Rejected:N0}, ")
            + FormattableString.Invariant($"unreadable {sink.Unreadable:N0}, connections {status.Connections:N0}");
        Console.Out.WriteLine(text);
        if (progress.Latencies.Length > 0) Console.Out.WriteLine(progress.Latencies);
    }
}
