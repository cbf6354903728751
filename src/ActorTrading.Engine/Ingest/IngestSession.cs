using System.Buffers;
using ActorTrading.Domain.Admission;
using ActorTrading.Domain.Records;
using ActorTrading.Domain.Values;
using ActorTrading.Engine.Auditing;
using ActorTrading.Wire;
using ActorTrading.Wire.Binary;
using ActorTrading.Wire.Framing;
using ActorTrading.Wire.Text;

namespace ActorTrading.Engine.Ingest;

/// <summary>
/// The protocol of one connection, without its socket: bytes in, batches out; finished batches in, answers out. Answers are in input order,
/// whatever the order in which batches finish: a rejection always comes before the ack that covers it. Not thread-safe.
/// </summary>
internal sealed class IngestSession
{
    private const int MarkLength = 3; // "ATB" tells binary from text; what comes next is its version
    private const int Slice = 16 * 1024;
    private const int LeastRecord = 4; // bytes of a record in a frame: keeps a batch of a caller with a quota near the quota
    private const int MaxUnreadable = 128; // per batch: they take far more memory than their bytes

    private enum Form
    {
        Opening,
        Foreign,
        Unknown,
        Text,
        Binary,
    }

    private readonly IngestOptions options;
    private readonly SymbolTable symbols;
    private readonly SourceTable sources;
    private readonly LineSplitter splitter;
    private readonly Intake intake;
    private readonly Queue<IngestBatch> inFlight = [];
    private readonly ArrayBufferWriter<byte> answers = new(256);
    private readonly HashSet<Source> others = []; // sources other than that of the hello
    private Source lastSource = Source.Anonymous;
    private RecordParser? parser;
    private BinaryDecoder? decoder;
    private IngestHello hello;
    private ForeignOpening? foreign;
    private Form form;
    private int marked;
    private int byteOrderMark; // bytes of a byte order mark read so far
    private long lineNumber;
    private bool hasBegun; // a line, or the mark of a binary stream, was read
    private bool isWithinLine;
    private bool isEnding;
    private long ackedSeq = Identity.None;
    private long handledSeq = Identity.None;
    private bool isAckDue;
    private bool isErrorDue;
    private bool isUnheard;
    private bool isTokenUnknown;
    private Grant? grant;
    private int batchRecords;

    public IngestSession(IngestOptions options, SymbolTable symbols, SourceTable sources)
    {
        this.options = options;
        this.symbols = symbols;
        this.sources = sources;
        batchRecords = options.MaxBatchRecords;
        splitter = new LineSplitter(options.MaxLine);
        intake = new Intake(this);
    }

    private static ReadOnlySpan<byte> Utf8Mark => [0xEF, 0xBB, 0xBF];

    /// <summary>The source of the hello; null before a hello, or without one.</summary>
    public Source? Source { get; private set; }

    /// <summary>The epoch of the hello.</summary>
    public long Epoch => hello.Epoch;

    /// <summary>The rights of the client; null: all rights.</summary>
    public Grant? Grant
    {
        get => grant;
        private set => (grant, batchRecords) = (value, RecordQuotas.BatchRecords(value, options.MaxBatchRecords));
    }

    /// <summary>The grant of its certificate; null without a certificate that the rules know.</summary>
    public Grant? Certified { get; set; }

    /// <summary>The subject of a trusted certificate that has no rule.</summary>
    public string? StrangerSubject { get; set; }

    /// <summary>The source of a hello, even if the hello was refused.</summary>
    public Source? Claimed { get; private set; }

    /// <summary>The client's name for the audit log.</summary>
    public string Caller => Grant?.Name ?? (isTokenUnknown ? AuditRecord.Unknown : StrangerSubject ?? AuditRecord.Anonymous);

    /// <summary>Whether the client has sent a hello or a record.</summary>
    public bool IsKnown { get; private set; }

    /// <summary>
    /// Called before the client becomes known. Returns null if it may stay, otherwise the error. The source is null without a hello.
    /// </summary>
    public Func<Source?, long, IngestError?>? Admit { get; init; }

    /// <summary>Why the connection must be closed after the accepted input is answered; null if there is no error.</summary>
    public IngestError? Error { get; private set; }

    /// <summary>Whether the bytes read so far end inside a line or frame.</summary>
    public bool IsWithinPiece => form switch
    {
        Form.Binary => decoder!.IsWithinFrame,
        Form.Foreign => true,
        _ => isWithinLine || marked > 0,
    };

    /// <summary>Number of complete lines or frames; distinguishes a new incomplete one from an old one.</summary>
    public long PiecesEnded => lineNumber + (decoder?.Frames ?? 0);

    /// <summary>Number of batches handed over and not answered.</summary>
    public int InFlight => inFlight.Count;

    /// <summary>The oldest batch that is handed over and not answered; null if there is none.</summary>
    public IngestBatch? Oldest => inFlight.TryPeek(out var oldest) ? oldest : null;

    /// <summary>The acknowledged seq; <see cref="Identity.None"/> before the first ack.</summary>
    public long AckedSeq => ackedSeq;

    /// <summary>Number of answered records and unreadable pieces, counted from the first one without a gap.</summary>
    public long Handled { get; private set; }

    /// <summary>Records received.</summary>
    public long Records { get; private set; }

    /// <summary>Refused records and unreadable pieces.</summary>
    public long Rejected { get; private set; }

    /// <summary>Ack lines written.</summary>
    public long Acks { get; private set; }

    /// <summary>
    /// Reads bytes into the batch. Returns the number of bytes used; fewer than given only if the batch is full or there is an error.
    /// </summary>
    public int Read(ReadOnlySpan<byte> bytes, IngestBatch batch)
    {
        var rest = bytes;
        intake.Batch = batch;
        while (Error is null && !rest.IsEmpty && !IsFull(batch))
        {
            switch (form)
            {
                case Form.Opening:
                    Open(ref rest);
                    break;
                case Form.Foreign:
                    ReadForeign(rest);
                    rest = default;
                    break;
                case Form.Unknown:
                    Tell(ref rest);
                    break;
                case Form.Text:
                    ReadLine(ref rest);
                    break;
                default:
                    ReadFrames(ref rest);
                    break;
            }
        }

        return bytes.Length - rest.Length;
    }

    /// <summary>Whether the batch must be handed over before more is read.</summary>
    public bool IsFull(IngestBatch batch) => batch.Pieces >= batchRecords || batch.Unreadable.Count >= MaxUnreadable;

    /// <summary>
    /// The client has closed its stream cleanly. A last line without its line end counts if it is complete: truncated JSON is not valid
    /// JSON, so it cannot be mistaken for a shorter record.
    /// </summary>
    public void End(IngestBatch batch)
    {
        if (Error is not null) return;
        intake.Batch = batch;
        if (form == Form.Binary)
        {
            decoder!.Complete();
            NoteDamage();
            return;
        }

        if (form == Form.Foreign)
        {
            FailForeign();
            return;
        }

        if (form is Form.Opening or Form.Unknown) BecomeText();
        isEnding = true;
        var status = splitter.Finish(out var line);
        if (status != LineStatus.NeedMore) TakeLine(status, line);
        isWithinLine = false;
    }

    /// <summary>Checks whether the rules have changed, and ends the session if this client may no longer send.</summary>
    public void RenewGrant()
    {
        if (Grant is null || options.Access is not { } access || access.IsCurrent(Grant)) return;
        if (access.Renew(Grant) is { } renewed && renewed.MaySend(Source ?? Source.Anonymous)) Grant = renewed;
        else Fail(new IngestError(IngestError.NotAllowed, "the rules have changed and no longer let this client send"));
    }

    /// <summary>The batch is handed over now. Its answer follows the answers of earlier batches.</summary>
    public void Begin(IngestBatch batch)
    {
        inFlight.Enqueue(batch);
        intake.Batch = null;
    }

    /// <summary>The whole batch is durable. Batches may finish in any order.</summary>
    public void Complete(IngestBatch batch, IngestResult result)
    {
        batch.Result = result;
        while (inFlight.TryPeek(out var first) && first.Result is not null)
        {
            Answer(inFlight.Dequeue());
        }
    }

    /// <summary>Ends the session with that error. The first error is kept.</summary>
    public void Fail(IngestError error)
    {
        if (Error is not null) return;
        Error = error;
        isErrorDue = Source is not null || IngestError.IsToldWithoutHello(error.Code);
    }

    /// <summary>The client reads no more answers: they are dropped, and nothing is acknowledged.</summary>
    public void Mute()
    {
        isUnheard = true;
        answers.Clear();
    }

    /// <summary>Number of bytes of rejections that wait to be written.</summary>
    public int PendingAnswers => answers.WrittenCount;

    /// <summary>Drops batches that will never be answered, so that the error can be sent.</summary>
    public void Abandon()
    {
        inFlight.Clear();
        intake.Batch = null;
    }

    /// <summary>Writes what is ready to be sent: rejections, then one ack for all, and at the very end the error.</summary>
    public void WriteOutput(IBufferWriter<byte> output)
    {
        if (answers.WrittenCount > 0)
        {
            output.Write(answers.WrittenSpan);
            answers.ResetWrittenCount();
        }

        if (isAckDue && !isUnheard)
        {
            isAckDue = false;
            Acks++;
            IngestReply.Ack(output, ackedSeq, Handled);
        }

        if (isErrorDue && inFlight.Count == 0 && intake.Batch is not { IsEmpty: false })
        {
            isErrorDue = false;
            if (Error!.Code == IngestError.WrongProtocol && foreign!.IsHttp) IngestReply.HttpRefusal(output, Error);
            else IngestReply.Error(output, Error);
        }
    }

    /// <summary>Whether the connection may send for that source: a known one, or a new one within the limit.</summary>
    private bool MaySpeakFor(Source source)
    {
        if (ReferenceEquals(source, lastSource)) return true;
        if (!ReferenceEquals(source, Source.Anonymous) && !source.Equals(Source))
        {
            if (!others.Contains(source) && (others.Count >= options.MaxSources || !others.Add(source))) return false;
        }

        lastSource = source;
        return true;
    }

    private bool IsOwn(in Identity id) => Source is not null && id.Epoch == hello.Epoch && id.Source.Equals(hello.Source);

    /// <summary>
    /// Checks the very first bytes, after blank lines. A hello, like all input with records, is a JSON object or array, or a binary stream.
    /// If a client begins in any other way, its input is ignored: others may have put records into it (for example into the body of a
    /// browser's request).
    /// </summary>
    private void Open(ref ReadOnlySpan<byte> rest)
    {
        var first = rest[0];
        if (marked == 0 && SkipsByteOrderMark(ref rest)) return;
        var isCutMark = byteOrderMark > 0 && byteOrderMark < Utf8Mark.Length;
        if (!isCutMark && marked == 0 && first is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n')
        {
            if (first == (byte)'\n') lineNumber++;
            rest = rest[1..];
        }
        else if (!isCutMark && marked == 0 && first is (byte)'{' or (byte)'[')
        {
            BecomeText();
        }
        else if (!isCutMark && first == BinaryFormat.Magic[marked])
        {
            TakeMark(ref rest);
        }
        else
        {
            form = Form.Foreign;
            ReadForeign(isCutMark ? Utf8Mark[..byteOrderMark] : BinaryFormat.Magic[..marked]);
        }
    }

    private void ReadForeign(ReadOnlySpan<byte> bytes)
    {
        foreign ??= new ForeignOpening();
        if (foreign.Take(bytes)) FailForeign();
    }

    private void FailForeign() => Fail(new IngestError(IngestError.WrongProtocol, foreign!.Describe(options.HttpPort)));

    /// <summary>Skips a UTF-8 byte order mark: writers on many platforms begin every stream with it.</summary>
    private bool SkipsByteOrderMark(ref ReadOnlySpan<byte> rest)
    {
        if (byteOrderMark == Utf8Mark.Length || rest[0] != Utf8Mark[byteOrderMark]) return false;
        byteOrderMark++;
        rest = rest[1..];
        return true;
    }

    /// <summary>Detects text or binary from the first bytes after a hello.</summary>
    private void Tell(ref ReadOnlySpan<byte> rest)
    {
        if (marked == 0 && SkipsByteOrderMark(ref rest)) return;
        if (rest[0] == BinaryFormat.Magic[marked]) TakeMark(ref rest);
        else BecomeText();
    }

    private void TakeMark(ref ReadOnlySpan<byte> rest)
    {
        rest = rest[1..];
        if (++marked < MarkLength || !MayBegin()) return;
        form = Form.Binary;
        decoder = new BinaryDecoder(intake, options.MaxFrame, options.MaxNames, symbols, sources);
        decoder.Feed(BinaryFormat.Magic[..MarkLength]);
    }

    private void BecomeText()
    {
        form = Form.Text;
        var kept = BinaryFormat.Magic[..marked];
        isWithinLine = marked > 0;
        marked = 0;
        splitter.Next(ref kept, out _);
        parser ??= new RecordParser(new ParserOptions { Symbols = symbols, Sources = sources });
    }

    private void ReadLine(ref ReadOnlySpan<byte> rest)
    {
        var status = splitter.Next(ref rest, out var line);
        isWithinLine = status == LineStatus.NeedMore;
        if (status != LineStatus.NeedMore) TakeLine(status, line);
    }

    private void TakeLine(LineStatus status, ReadOnlySpan<byte> line)
    {
        lineNumber++;
        if (!hasBegun && status == LineStatus.Line && IngestHello.IsMeant(line))
        {
            Greet(line);
            return;
        }

        if (!MayBegin()) return;
        if (status == LineStatus.Line)
        {
            parser!.Parse(line, lineNumber, intake);
            return;
        }

        intake.OnRejected(
            RejectedInput.TooLong(Identity.Anonymous, lineNumber, splitter.SkippedBytes, options.MaxLine, splitter.SkippedStart));
    }

    /// <summary>Whether records are allowed now: after a hello, or if no hello is required.</summary>
    private bool MayBegin()
    {
        if (!hasBegun && options.Access is { } access)
        {
            Grant = Certified ?? access.Anonymous;
            if (Grant is null) Fail(new IngestError(IngestError.HelloRequired, "say hello first, with a source and its token"));
        }

        hasBegun = true;
        return Error is null;
    }

    private void Greet(ReadOnlySpan<byte> line)
    {
        hasBegun = true;
        if (!IngestHello.TryParse(line, out hello, out var problem))
        {
            Fail(new IngestError(IngestError.BadHello, problem));
            return;
        }

        if (options.Access is { } access)
        {
            Grant = hello.Token.Length > 0 ? access.Authenticate(hello.Token) : Certified ?? access.Anonymous;
            if (Grant?.MaySend(hello.Source) != true)
            {
                (Claimed, isTokenUnknown) = (hello.Source, Grant is null && hello.Token.Length > 0);
                Fail(new IngestError(IngestError.NotAllowed, $"{hello.Source} may not send here with this token"));
                return;
            }
        }

        hello = hello with { Token = [] }; // do not keep a secret
        if (!BecomesKnown(hello.Source, hello.Epoch)) return;
        Source = hello.Source;
        parser = new RecordParser(new ParserOptions
        {
            Symbols = symbols, Sources = sources, DefaultSource = hello.Source, DefaultEpoch = hello.Epoch, TimeUnit = hello.TimeUnit,
        });
        byteOrderMark = 0;
        form = Form.Unknown; // lines or frames may follow
        IngestReply.Hello(answers, hello, options);
    }

    private bool BecomesKnown(Source? source, long epoch)
    {
        if (Error is not null) return false;
        if (Admit?.Invoke(source, epoch) is { } refusal) Fail(refusal);
        return IsKnown = Error is null;
    }

    private void ReadFrames(ref ReadOnlySpan<byte> rest)
    {
        var slice = rest[..(int)Math.Min(Math.Min(rest.Length, Slice), (long)batchRecords * LeastRecord)];
        rest = rest[slice.Length..];
        decoder!.Feed(slice);
        NoteDamage();
    }

    private void NoteDamage()
    {
        if (decoder!.Damage is { } damage) Fail(new IngestError(IngestError.DamagedStream, damage.Rejection.Value));
    }

    /// <summary>
    /// Whether a refused piece may be the beginning of a valid one. Such a piece is not handled: its sender must send it again.
    /// </summary>
    private bool IsCutShort(RejectReason reason) =>
        decoder?.Damage is not null || (isEnding && reason is (RejectReason.Malformed or RejectReason.LineTooLong));

    private void Answer(IngestBatch batch)
    {
        Handled += batch.Pieces;
        handledSeq = Math.Max(handledSeq, batch.LastSeq);
        Rejected += batch.Result!.Refused.Count;
        if (Source is not null && !isUnheard)
        {
            AnswerRefusals(batch, batch.Result.Refused);
            AdvanceAck();
            isAckDue = true;
        }

        batch.Release();
    }

    private void AnswerRefusals(IngestBatch batch, IReadOnlyList<RejectedRecord> refused)
    {
        var next = 0;
        for (var i = 0; i < batch.Unreadable.Count; i++)
        {
            var (place, input) = (batch.PlaceOf(i), batch.Unreadable[i]);
            if (place < 0) continue;
            for (; next < refused.Count && refused[next].Index < place; next++) AnswerRefusal(batch, refused[next]);
            IngestReply.Reject(answers, input, hello, form == Form.Binary);
        }

        for (; next < refused.Count; next++) AnswerRefusal(batch, refused[next]);
    }

    private void AnswerRefusal(IngestBatch batch, in RejectedRecord refused) =>
        IngestReply.Reject(
            answers, new RejectedInput(batch.Records.Span[refused.Index].Id, 0, refused.Rejection, ""), hello, form == Form.Binary);

    /// <summary>Advances the ack. It never covers input without an answer, even if the sender's numbers are out of order.</summary>
    private void AdvanceAck()
    {
        var limit = handledSeq;
        foreach (var waiting in inFlight)
        {
            if (waiting.FirstSeq <= limit) limit = waiting.FirstSeq - 1;
        }

        if (intake.Batch is { } reading && reading.FirstSeq <= limit) limit = reading.FirstSeq - 1;

        ackedSeq = Math.Max(ackedSeq, limit);
    }

    /// <summary>Receives the output of the decoders.</summary>
    private sealed class Intake(IngestSession session) : IRecordSink
    {
        /// <summary>The batch that is being filled; null between two batches.</summary>
        public IngestBatch? Batch { get; set; }

        public void OnRecord(in Record record)
        {
            if (!session.IsKnown && !session.BecomesKnown(null, 0)) return;
            if (!session.MaySpeakFor(record.Id.Source))
            {
                var rejection = new Rejection(RejectReason.TooManySources, "source", record.Id.Source.Name);
                OnRejected(new RejectedInput(record.Id, session.PiecesEnded, rejection, ""));
            }
            else if (session.Source is not { } source)
            {
                session.Records++;
                Batch!.Add(record, isOwn: false);
            }
            else if (ReferenceEquals(record.Id.Source, Source.Anonymous))
            {
                session.Records++;
                Batch!.Add(record.WithIdentity(new Identity(source, session.hello.Epoch, record.Id.Seq)), isOwn: true);
            }
            else
            {
                session.Records++;
                Batch!.Add(record, session.IsOwn(record.Id));
            }
        }

        public void OnRejected(in RejectedInput input)
        {
            // Input whose seq cannot be read is attributed to the connection's own source.
            var named = session.Source is { } source
                && (input.Source.Equals(Source.Anonymous) || (input.Seq < 0 && input.Source.Equals(source)))
                ? input with { Id = new Identity(source, session.hello.Epoch, input.Seq) }
                : input;
            session.Rejected++;
            Batch!.AddUnreadable(named, session.IsOwn(named.Id), isHandled: !session.IsCutShort(input.Rejection.Reason));
        }
    }
}
