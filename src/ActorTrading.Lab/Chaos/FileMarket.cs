using System.Threading.Channels;
using ActorTrading.Domain.Records;
using ActorTrading.Domain.Values;
using ActorTrading.Wire;
using ActorTrading.Wire.Files;

namespace ActorTrading.Lab.Chaos;

/// <summary>Files that feeds send; each feed sends its own symbols.</summary>
/// <param name="Paths">The files, in their order.</param>
/// <param name="Read">How to interpret their text.</param>
internal sealed record FileRecords(IReadOnlyList<string> Paths, ReadOptions Read);

/// <summary>
/// The records of files that one feed sends: those of every n-th symbol, in their order. Records without a seq get the seq that <c>feed</c>
/// would assign. Each feed reads the files separately, on its own thread that waits when it is ahead, so that memory does not grow with the
/// files.
/// </summary>
internal sealed class FileMarket : IRecordSink, IAsyncDisposable
{
    private const int BlockRecords = 512;
    private const int BlocksAhead = 8;

    private readonly int number;
    private readonly int feeds;
    private readonly Source source;
    private readonly Dictionary<Symbol, int> symbols = [];
    private readonly Channel<Record[]> blocks = Channel.CreateBounded<Record[]>(
        new BoundedChannelOptions(BlocksAhead) { SingleReader = true, SingleWriter = true });
    private readonly CancellationTokenSource ending = new();
    private readonly List<Record> filling = new(BlockRecords);
    private readonly Task reading;
    private long seq;
    private Record[] block = [];
    private int at;

    /// <param name="files">The files.</param>
    /// <param name="number">The number of the feed, from 0.</param>
    /// <param name="feeds">The number of feeds.</param>
    public FileMarket(FileRecords files, int number, int feeds)
    {
        (this.number, this.feeds) = (number, feeds);
        source = files.Read.Source ?? RecordFile.SourceOf(files.Paths[0]);
        reading = Task.Factory.StartNew(
            () => ReadAll(files), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    /// <summary>Reads the next record; false at the end of the last file. Waits for the reading thread.</summary>
    /// <exception cref="InputException">A file cannot be read completely.</exception>
    public bool TryNext(out Record record)
    {
        while (at == block.Length)
        {
            if (blocks.Reader.TryRead(out var next)) (block, at) = (next, 0);
            else if (!blocks.Reader.WaitToReadAsync().AsTask().GetAwaiter().GetResult())
            {
                record = default;
                return false;
            }
        }

        record = block[at++];
        return true;
    }

    public async ValueTask DisposeAsync()
    {
        await ending.CancelAsync();
        await reading;
        ending.Dispose();
    }

    void IRecordSink.OnRecord(in Record record)
    {
        var sequenced = record.Id.IsSequenced ? record : record.WithIdentity(new Identity(source, 0, ++seq));
        if (!symbols.TryGetValue(record.Symbol, out var turn)) symbols.Add(record.Symbol, turn = symbols.Count);
        if (turn % feeds != number) return;
        filling.Add(sequenced);
        if (filling.Count == BlockRecords) Flush();
    }

    void IRecordSink.OnRejected(in RejectedInput input)
    {
        // Unreadable input: there is nothing to send.
    }

    private void ReadAll(FileRecords files)
    {
        try
        {
            foreach (var path in files.Paths) RecordFile.Read(path, files.Read, this, ending.Token);
            Flush();
            blocks.Writer.Complete();
        }
        catch (Exception exception) when (exception is InputException or OperationCanceledException)
        {
            blocks.Writer.Complete(exception); // thrown to the caller of TryNext
        }
    }

    private void Flush()
    {
        blocks.Writer.WriteAsync([.. filling], ending.Token).AsTask().GetAwaiter().GetResult();
        filling.Clear();
    }
}
