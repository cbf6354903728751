using System.Buffers;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using ActorTrading.Domain.Values;
using ActorTrading.Host.Feeding;
using ActorTrading.Wire.Framing;

namespace ActorTrading.Lab.Benching;

/// <summary>
/// One connection that sends a tape by schedule on its own thread, and receives acknowledgements on another. Sends nothing twice.
/// </summary>
internal sealed class BenchSender : IDisposable
{
    private const int ChunkRecords = 4_096;

    private readonly Socket socket;
    private readonly MarketTape tape;
    private readonly SendSchedule schedule;
    private readonly BenchTerms terms;
    private readonly object sync = new();
    private readonly List<long> bySecond = [];
    private long acknowledged;
    private long refused;
    private bool isGreeted;
    private string? failure;

    /// <summary>Connects.</summary>
    public BenchSender(IPEndPoint to, Source source, MarketTape tape, SendSchedule schedule, BenchTerms terms)
    {
        this.tape = tape;
        this.schedule = schedule;
        this.terms = terms;
        Source = source;
        socket = new Socket(to.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            socket.Connect(to);
            var hello = string.Create(CultureInfo.InvariantCulture, $"{{\"hello\":\"{source}\",\"epoch\":{terms.Epoch}}}\n");
            socket.Send(Encoding.ASCII.GetBytes(hello));
        }
        catch
        {
            socket.Dispose();
            throw;
        }

        new Thread(Hear) { IsBackground = true, Name = "bench acks" }.Start();
    }

    /// <summary>The source of its records.</summary>
    public Source Source { get; }

    /// <summary>Latencies from the due time of a record to its acknowledgement. Read it after the end of the run.</summary>
    public LatencyHistogram Latencies { get; } = new();

    /// <summary>Number of records acknowledged in each second of the clock. Read it after the end of the run.</summary>
    public IReadOnlyList<long> AcknowledgedBySecond => bySecond;

    public long Sent => tape.Position;

    public long Acknowledged => Volatile.Read(ref acknowledged);

    public long Refused => Volatile.Read(ref refused);

    /// <summary>Sends until a clock time, then waits until everything is acknowledged.</summary>
    /// <exception cref="IOException">The node closed the connection, or did not acknowledge in time.</exception>
    public void Run(TimeSpan until, CancellationToken cancellation)
    {
        lock (sync)
        {
            while (!isGreeted) Wait("answer the hello");
        }

        var output = new ArrayBufferWriter<byte>(1 << 20);
        while (terms.Clock.Elapsed < until)
        {
            cancellation.ThrowIfCancellationRequested();
            var due = Math.Min(schedule.DueBy(Now) - tape.Position, ChunkRecords);
            if (due <= 0)
            {
                Thread.Sleep(1);
                continue;
            }

            var count = (int)Math.Min(due, WaitForRoom());
            schedule.Send(tape.Position + count, Now);
            tape.Write(count, output);
            for (var rest = output.WrittenSpan; !rest.IsEmpty;) rest = rest[socket.Send(rest)..];
            output.ResetWrittenCount();
        }

        lock (sync)
        {
            while (acknowledged < tape.Position) Wait("acknowledge all that was sent");
        }
    }

    public void Dispose() => socket.Dispose();

    private long Now => (long)terms.Clock.Elapsed.TotalNanoseconds;

    private long WaitForRoom()
    {
        lock (sync)
        {
            long room;
            while ((room = terms.Window - (tape.Position - acknowledged)) <= 0) Wait("acknowledge anything");
            return room;
        }
    }

    private void Wait(string what)
    {
        if (failure is not null || !Monitor.Wait(sync, TimeSpan.FromMinutes(1)))
            throw new IOException(failure ?? $"The node did not {what} for a minute.");
        if (failure is not null) throw new IOException(failure);
    }

    private void Hear()
    {
        var why = "The node closed the connection.";
        try
        {
            var splitter = new LineSplitter();
            var buffer = new byte[16 * 1024];
            int read;
            while ((read = socket.Receive(buffer)) > 0)
            {
                ReadOnlySpan<byte> chunk = buffer.AsSpan(0, read);
                while (splitter.Next(ref chunk, out var line) == LineStatus.Line) Take(line, ref why);
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException or JsonException)
        {
            why = exception.Message;
        }

        lock (sync)
        {
            failure = why;
            Monitor.PulseAll(sync);
        }
    }

    private void Take(ReadOnlySpan<byte> line, ref string why)
    {
        var reader = new Utf8JsonReader(line);
        using var json = JsonDocument.ParseValue(ref reader);
        var said = json.RootElement;
        if (said.TryGetProperty("handled"u8, out var handled)) Acknowledge(handled.GetInt64());
        else if (said.TryGetProperty("hello"u8, out _)) Greet();
        else if (said.TryGetProperty("reject"u8, out _)) Interlocked.Increment(ref refused);
        else if (said.TryGetProperty("error"u8, out var error)) why = error.GetRawText();
    }

    private void Greet()
    {
        lock (sync)
        {
            isGreeted = true;
            Monitor.Pulse(sync);
        }
    }

    private void Acknowledge(long handled)
    {
        schedule.Take(acknowledged, handled, Now, (long)terms.WarmUp.TotalNanoseconds, Latencies);
        var second = (int)terms.Clock.Elapsed.TotalSeconds;
        lock (sync)
        {
            while (bySecond.Count <= second) bySecond.Add(0);
            bySecond[second] += handled - acknowledged;
            acknowledged = handled;
            Monitor.Pulse(sync);
        }
    }
}
