using System.Collections.Concurrent;
using System.CommandLine;
using System.Globalization;
using System.Net;
using ActorTrading.Domain.Records;
using ActorTrading.Engine.Ingest;
using ActorTrading.Engine.Ingest.Client;
using ActorTrading.Wire;
using ActorTrading.Wire.Files;

namespace ActorTrading.Host.Commands;

/// <summary><c>feed</c>: a file to a node, each record once, however often the connection breaks.</summary>
internal static class FeedCommand
{
    private const string Description =
        "Send files to a node: keeps what is not acknowledged, reconnects, sends it again; nothing is lost or doubled. Ends when all of it is durable.";

    private const string ExampleLines =
        """
        actortrading feed trades.csv.gz
        actortrading feed market.ndjson --to 127.0.0.1:9999 --binary
        actortrading generate --ticks 1000000 | actortrading feed -
        """;

    public static Command Create()
    {
        var files = new Argument<string[]>("FILE") { Description = "Files in their order; - is standard input.", Arity = ArgumentArity.OneOrMore };
        var to = AddressOption.Create("--to", $"Address and port of the node; 127.0.0.1:{IngestOptions.DefaultPort} when left out.");
        var binary = new Option<bool>("--binary") { Description = "Send in the binary format." };
        var input = new InputOptions();
        var command = new Command("feed", Description) { files, to, binary };
        input.AddTo(command);
        command.SetAction((parsed, cancellation) => RunAsync(
            parsed.GetRequiredValue(files), parsed.GetValue(to) ?? new IPEndPoint(IPAddress.Loopback, IngestOptions.DefaultPort),
            parsed.GetValue(binary), input.Read(parsed, null), cancellation));
        return command.WithExamples(ExampleLines);
    }

    private static async Task<int> RunAsync(string[] files, IPEndPoint to, bool binary, ReadOptions read, CancellationToken cancellation)
    {
        var isDone = false;
        var latencies = new ConcurrentQueue<TimeSpan>();
        await using var client = new FeedClient(new FeedOptions
        {
            Host = to.Address.ToString(),
            Port = to.Port,
            Source = read.Source ?? RecordFile.SourceOf(files[0]),
            Binary = binary,
            OnLatency = latencies.Enqueue,
            OnDisconnect = why =>
            {
                if (!Volatile.Read(ref isDone)) Console.Error.WriteLine(why);
            },
        });
        var sink = new FeedSink(client, cancellation);
        try
        {
            foreach (var file in files)
            {
                // Reading is synchronous and waits for room at the node: on a thread of its own.
                await Task.Run(() => RecordFile.Read(file, read, sink, cancellation), cancellation);
            }

            sink.Flush();
            await client.FlushAsync(cancellation);
            Volatile.Write(ref isDone, true);
        }
        catch (InputException exception)
        {
            sink.Flush();
            await client.FlushAsync(cancellation);
            Console.Error.WriteLine(exception.Message);
            Print(client.Status, sink, latencies);
            return ExitCode.BadInput;
        }
        catch (FeedRefusedException exception)
        {
            throw new CommandException(ExitCode.BadOutput, $"{to}: {exception.Message}");
        }

        Print(client.Status, sink, latencies);
        return ExitCode.Ok;
    }

    private static void Print(FeedStatus status, FeedSink sink, IEnumerable<TimeSpan> samples)
    {
        var latencies = samples.Order().ToList();
        var text = FormattableString.Invariant(
            $"sent {status.Taken:N0}, acknowledged {status.Acknowledged:N0}, refused by the node {status.Rejected:N0}, unreadable {sink.Unreadable:N0}, connections {status.Connections:N0}");
        Console.Out.WriteLine(text);
        if (latencies.Count == 0) return;
        Console.Out.WriteLine($"ack latency p50 {At(0.5)} ms, p99 {At(0.99)} ms, most {At(1)} ms");

        string At(double part) => latencies[Math.Min(latencies.Count - 1, (int)(part * latencies.Count))]
            .TotalMilliseconds.ToString("0.0", CultureInfo.InvariantCulture);
    }

    /// <summary>Hands records to the client a few thousand at a time, and waits when it is full.</summary>
    private sealed class FeedSink(FeedClient client, CancellationToken cancellation) : IRecordSink
    {
        private readonly Record[] block = new Record[4_096];
        private int count;

        /// <summary>Pieces of input that made no record and were not sent.</summary>
        public long Unreadable { get; private set; }

        public void OnRecord(in Record record)
        {
            block[count++] = record;
            if (count == block.Length) Flush();
        }

        public void OnRejected(in RejectedInput input) => Unreadable++;

        public void Flush()
        {
            client.SendAsync(block.AsMemory(0, count), cancellation).AsTask().GetAwaiter().GetResult();
            count = 0;
        }
    }
}
