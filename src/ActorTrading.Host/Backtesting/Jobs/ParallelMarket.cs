using ActorTrading.Domain.Records;
using ActorTrading.Domain.Values;
using ActorTrading.Engine;
using ActorTrading.Wire;
using ActorTrading.Wire.Files;

namespace ActorTrading.Host.Backtesting.Jobs;

/// <summary>
/// Parses and folds a market on several threads. Each thread folds a partition of the symbols. The input is processed in rounds of some
/// thousand records, as a pipeline: one round is read, the previous one is parsed, the one before is folded, and the output of the one
/// before that is written in the order of its records. The output is therefore the same as that of <see cref="Market"/>. Called by one
/// thread, which reads, and then works like the others.
/// </summary>
internal sealed class ParallelMarket : ILineSink, IDisposable
{
    private const int BlocksPerJob = 8;

    private readonly int jobs;
    private readonly int blockLength;
    private readonly Timestamp latest;
    private readonly ReadPosition position;
    private readonly BacktestOutput output;
    private readonly Ledger rejected = new();
    private readonly MarketPart[] parts;
    private readonly Stack<byte[]> memory = new();
    private Round reading;
    private Round parsing;
    private Round folding;
    private Round emitting;
    private RecordBlock? direct;
    private IRecordSink? guarded;
    private int taken;
    private Task running = Task.CompletedTask;

    /// <param name="request">The backtest, with its number of threads.</param>
    /// <param name="output">Receives the output; called by one thread at a time.</param>
    /// <param name="latest">The latest accepted timestamp.</param>
    /// <param name="position">The position of the reading thread.</param>
    public ParallelMarket(BacktestRequest request, BacktestOutput output, Timestamp latest, ReadPosition position)
    {
        jobs = request.Jobs;
        blockLength = request.BlockLength;
        this.output = output;
        this.latest = latest;
        this.position = position;
        parts = [.. Enumerable.Range(0, jobs).Select(number => new MarketPart(number, request))];
        (reading, parsing, folding, emitting) = (NewRound(), NewRound(), NewRound(), NewRound());
    }

    public byte[] Rent() => memory.TryPop(out var free) ? free : new byte[blockLength];

    public void OnLines(LineBlock block)
    {
        direct = null;
        var next = NextBlock(block.Input.Name);
        next.Text = block;
    }

    public void OnRecord(in Record record) => Direct().OnRecord(record);

    public void OnRejected(in RejectedInput input) => Direct().OnRejected(input);

    /// <summary>Folds all remaining input and returns the state.</summary>
    public BacktestState Complete()
    {
        direct = null;
        for (var round = 0; round < 4; round++) Advance();
        var ledger = new Ledger();
        ledger.Add(rejected);
        foreach (var part in parts)
        {
            ledger.Add(part.Market.Ledger);
            output.AddBars(part.BarsByFrame);
        }

        return new BacktestState(ledger, [.. parts.SelectMany(part => part.Market.Symbols).OrderBy(state => state.Symbol)]);
    }

    public void Dispose() => running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing).GetAwaiter().GetResult();

    private Round NewRound() => new(jobs * BlocksPerJob, parts.Length);

    /// <summary>A sink for records that need no parsing.</summary>
    private IRecordSink Direct()
    {
        if (direct is { IsFull: false } && ReferenceEquals(direct.Input, position.Input)) return guarded!;
        direct = NextBlock(position.Input);
        return guarded = direct.Begin(position, latest);
    }

    private RecordBlock NextBlock(string input)
    {
        if (reading.IsFull) Advance();
        var block = reading.Add();
        block.Input = input;
        return block;
    }

    /// <summary>Waits until all rounds have completed their stage, and moves each to the next stage.</summary>
    private void Advance()
    {
        Work(0);
        running.GetAwaiter().GetResult();
        foreach (var block in parsing.Blocks) FinishParsing(block);
        emitting.Clear();
        (reading, parsing, folding, emitting) = (emitting, reading, parsing, folding);
        taken = 0;
        running = Task.WhenAll(Enumerable.Range(1, jobs - 1).Select(part => Task.Run(() => Work(part))));
    }

    private void FinishParsing(RecordBlock block)
    {
        if (block.Text is not { } text) return;
        if (!block.IsParsed || text.Input.IsInOrder) text.Input.ParseInOrder(text, block.Begin(text.Input.Position, latest));
        memory.Push(text.Memory);
        block.Text = null;
    }

    /// <summary>
    /// Folds a partition, preferably on the core that has it in its cache, and then other remaining work. Each thread runs it.
    /// </summary>
    private void Work(int part)
    {
        parts[part].Fold(folding);
        while (Interlocked.Increment(ref taken) - 1 is var number && number <= parsing.Blocks.Length)
        {
            if (number == 0) Emit();
            else Parse(parsing.Blocks[number - 1]);
        }
    }

    private void Emit()
    {
        foreach (var block in emitting.Blocks) block.Emit(output, rejected);
    }

    private void Parse(RecordBlock block)
    {
        if (block.Text is not { } text) return;
        var own = new ReadPosition();
        block.IsParsed = text.TryParse(own, block.Begin(own, latest));
    }
}
