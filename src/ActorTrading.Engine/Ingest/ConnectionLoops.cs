using System.Buffers;
using System.Net.Sockets;
using System.Threading.Channels;

namespace ActorTrading.Engine.Ingest;

/// <summary>Connection handler of the embedded engine. Three loops: read and hand over, settle, write.</summary>
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

    /// <summary>Transfers bytes until one side ends the connection. Never throws.</summary>
    public static Task RunAsync(IngestConnection connection, Stream stream) => new ConnectionLoops(connection, stream).RunAsync();

    private async Task RunAsync()
    {
        var settling = SettleAsync();
        var writing = WriteAsync();
        await ReadAsync().ConfigureAwait(false);
        handedOver.Writer.Complete();

        // A client that has gone is not waited for, but its batches keep their memory until the engine has finished with them.
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

                // Bytes that have already arrived join the batch: a batch costs more than a record.
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
            // The client is gone, or the connection is being closed with a reason already set. Unfinished batches are dropped.
        }
        catch (Exception e)
        {
            connection.Fail(new IngestError(IngestError.Internal, e.Message)); // a fault stays within its connection
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

        // After a batch that the engine refused, no later batch gets an answer.
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
            connection.Drop(); // the client reads no more
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
