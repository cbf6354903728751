using System.Buffers;
using System.Net.Sockets;
using System.Threading.Channels;

namespace ActorTrading.Engine.Ingest;

/// <summary>The exchange of the embedded engine: a loop each that reads and hands over, settles, and writes.</summary>
internal sealed class ConnectionLoops
{
    private readonly IngestConnection connection;
    private readonly Stream stream;
    private readonly Channel<(IngestBatch Batch, Task<IngestResult> Task)> handedOver =
        Channel.CreateUnbounded<(IngestBatch, Task<IngestResult>)>(
            new UnboundedChannelOptions { SingleReader = true, SingleWriter = true });
    private readonly Channel<bool> news = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });
    private readonly ArrayBufferWriter<byte> output = new(256);

    private ConnectionLoops(IngestConnection connection, Stream stream)
    {
        (this.connection, this.stream) = (connection, stream);
        connection.OnNews = Signal;
    }

    /// <summary>Carries bytes until one side ends it. Never throws.</summary>
    public static Task RunAsync(IngestConnection connection, Stream stream) => new ConnectionLoops(connection, stream).RunAsync();

    private async Task RunAsync()
    {
        var settling = SettleAsync();
        var writing = WriteAsync();
        await ReadAsync().ConfigureAwait(false);
        handedOver.Writer.Complete();

        // A vanished client is not waited for, but its batches keep their memory until the engine is done with them.
        await writing.ConfigureAwait(false);
        _ = settling;
    }

    private async Task ReadAsync()
    {
        var reader = connection.NewReader(stream);
        var batch = new IngestBatch();
        try
        {
            while (true)
            {
                connection.WaitForBytes();
                var bytes = await reader.ReadAsync(connection.Reading).ConfigureAwait(false);
                connection.GotBytes(bytes.Length);
                var goesOn = true;
                for (var rest = bytes; !rest.IsEmpty && goesOn;)
                {
                    goesOn = connection.Read(rest.Span, batch, out var used);
                    rest = rest[used..];
                    if (connection.IsFull(batch)) batch = await HandOverAsync(batch).ConfigureAwait(false);
                }

                var isEnd = bytes.IsEmpty;
                if (isEnd && goesOn) connection.End(batch);

                // What has come already goes along: a batch costs more than a record.
                if (!batch.IsEmpty && (isEnd || !goesOn || !reader.HasMore)) batch = await HandOverAsync(batch).ConfigureAwait(false);
                if (isEnd || !goesOn) break;
            }
        }
        catch (EngineStoppedException e)
        {
            connection.Fail(new IngestError(IngestError.EngineStopped, e.Message));
        }
        catch (Exception e) when (e is IOException or SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // The client is gone, or is being closed by one who has said why. What it did not finish is dropped.
        }
        catch (Exception e)
        {
            connection.Fail(new IngestError(IngestError.Internal, e.Message)); // one connection's fault is its own
        }

        connection.GotBytes(0);
        reader.Release();
    }

    private async ValueTask<IngestBatch> HandOverAsync(IngestBatch batch)
    {
        connection.Begin(batch);
        handedOver.Writer.TryWrite((batch, (await connection.HandOverAsync(batch).ConfigureAwait(false)).Durable));
        return new IngestBatch();
    }

    private async Task SettleAsync()
    {
        await foreach (var (batch, task) in handedOver.Reader.ReadAllAsync().ConfigureAwait(false))
        {
            try
            {
                var result = await task.ConfigureAwait(false);
                await connection.AnswersTakenAsync().ConfigureAwait(false);
                connection.Complete(batch, result);
                Signal();
            }
            catch (Exception e)
            {
                connection.Lose(batch, e);
            }
        }

        // Where the engine refused a batch, nothing after it will be answered.
        connection.Abandon();
        news.Writer.TryComplete();
    }

    private async Task WriteAsync()
    {
        try
        {
            while (await news.Reader.WaitToReadAsync(connection.Aborting).ConfigureAwait(false))
            {
                news.Reader.TryRead(out _);
                await FlushAsync().ConfigureAwait(false);
            }

            await FlushAsync().ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or SocketException or OperationCanceledException or ObjectDisposedException)
        {
            connection.Drop(); // nobody is there to read
        }
    }

    private async ValueTask FlushAsync()
    {
        connection.TakeAnswers(output);
        await connection.WriteAsync(stream, output.WrittenMemory).ConfigureAwait(false);
        output.ResetWrittenCount();
    }

    private void Signal() => news.Writer.TryWrite(true);
}
