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
/// The protocol of one connection, without its socket: bytes in, batches out; finished batches in, answers out. Answers come in
/// the order of the input, in whatever order batches finish, so a refusal always stands before the ack that covers it.
/// Not safe for several threads.
/// </summary>
internal sealed class IngestSession
{
    private const int MarkLength = 3; // "ATB" tells binary from text; what comes next is its version
    private const int Slice = 16 * 1024;
    private const int LeastRecord = 4; // bytes in a frame: so that a batch of a caller with a quota is not much larger than the quota
    private const int MaxUnreadable = 128; // in a batch: they take far more memory than their bytes

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
    private readonly HashSet<Source> others = []; // that it speaks for
    private Source lastSource = Source.Anonymous;
    private RecordParser? parser;
    private BinaryDecoder? decoder;
    private IngestHello hello;
    private ForeignOpening? foreign;
    private Form form;
    private int marked;
    private int byteOrderMark; // how many bytes of one have come
    private long lineNumber;
    private bool hasBegun; // a line, or the mark of a binary stream
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

    /// <summary>The source that said hello; null before, or without.</summary>
    public Source? Source { get; private set; }

    /// <summary>The epoch of the hello.</summary>
    public long Epoch => hello.Epoch;

    /// <summary>What the client may do; null: everything.</summary>
    public Grant? Grant
    {
        get => grant;
        private set => (grant, batchRecords) = (value, RecordQuotas.BatchRecords(value, options.MaxBatchRecords));
    }

    /// <summary>What its certificate lets it do; null without one that the rules know.</summary>
    public Grant? Certified { get; set; }

    /// <summary>The subject of a certificate that is believed and that the rules do not know.</summary>
    public string? StrangerSubject { get; set; }

    /// <summary>The source that a hello named, whether it was let in or not.</summary>
    public Source? Claimed { get; private set; }

    /// <summary>The client's name, for the audit log.</summary>
    public string Caller => Grant?.Name ?? (isTokenUnknown ? AuditRecord.Unknown : StrangerSubject ?? AuditRecord.Anonymous);

    /// <summary>Whether the client has said hello or sent a record.</summary>
    public bool IsKnown { get; private set; }

    /// <summary>
    /// Asked when it is about to be known: why it may not stay all the same; null where it may. The source is null
    /// without a hello.
    /// </summary>
    public Func<Source?, long, IngestError?>? Admit { get; init; }

    /// <summary>Why the connection is to be closed once what was taken is answered; null while all is well.</summary>
    public IngestError? Error { get; private set; }

    /// <summary>Whether the bytes read so far end within a line or frame.</summary>
    public bool IsWithinPiece => form switch
    {
        Form.Binary => decoder!.IsWithinFrame,
        Form.Foreign => true,
        _ => isWithinLine || marked > 0,
    };

    /// <summary>How many lines or frames were read to their end; tells a new unfinished one from an old one.</summary>
    public long PiecesEnded => lineNumber + (decoder?.Frames ?? 0);

    /// <summary>Batches handed on and not answered.</summary>
    public int InFlight => inFlight.Count;

    /// <summary>The oldest batch that is handed on and not answered; null where there is none.</summary>
    public IngestBatch? Oldest => inFlight.TryPeek(out var oldest) ? oldest : null;

    /// <summary>The seq that acks cover; <see cref="Identity.None"/> before the first.</summary>
    public long AckedSeq => ackedSeq;

    /// <summary>Records and unreadable pieces that are answered for, of all that came first to last without a hole.</summary>
    public long Handled { get; private set; }

    /// <summary>Records that came in.</summary>
    public long Records { get; private set; }

    /// <summary>Records refused and pieces that made none.</summary>
    public long Rejected { get; private set; }

    /// <summary>Ack lines written.</summary>
    public long Acks { get; private set; }

    /// <summary>Reads bytes into the batch. Returns how many; fewer than given only when the batch is full or there is an error.</summary>
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

    /// <summary>Whether a batch is to be handed on before more is read.</summary>
    public bool IsFull(IngestBatch batch) => batch.Pieces >= batchRecords || batch.Unreadable.Count >= MaxUnreadable;

    /// <summary>
    /// The client has ended its stream in good order. A last line that lacks its end counts if it is whole: JSON cut short is no JSON,
    /// so it cannot be mistaken for a shorter record.
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

    /// <summary>Looks whether the rules have changed, and ends the session where they no longer let this client send.</summary>
    public void RenewGrant()
    {
        if (Grant is null || options.Access is not { } access || access.IsCurrent(Grant)) return;
        if (access.Renew(Grant) is { } renewed && renewed.MaySend(Source ?? Source.Anonymous)) Grant = renewed;
        else Fail(new IngestError(IngestError.NotAllowed, "the rules have changed and no longer let this client send"));
    }

    /// <summary>The batch is handed on now; its answer will stand after those of batches that went before.</summary>
    public void Begin(IngestBatch batch)
    {
        inFlight.Enqueue(batch);
        intake.Batch = null;
    }

    /// <summary>All of a batch is durable. Batches may finish in any order.</summary>
    public void Complete(IngestBatch batch, IngestResult result)
    {
        batch.Result = result;
        while (inFlight.TryPeek(out var first) && first.Result is not null)
        {
            Answer(inFlight.Dequeue());
        }
    }

    /// <summary>Ends the session for that reason. The first one stands.</summary>
    public void Fail(IngestError error)
    {
        if (Error is not null) return;
        Error = error;
        isErrorDue = Source is not null || IngestError.IsToldWithoutHello(error.Code);
    }

    /// <summary>Nobody reads the answers any more: they are dropped, and nothing is acknowledged.</summary>
    public void Mute()
    {
        isUnheard = true;
        answers.Clear();
    }

    /// <summary>How many bytes of refusals wait to be written.</summary>
    public int PendingAnswers => answers.WrittenCount;

    /// <summary>Lets go of batches that will never be answered, so that the error can be told.</summary>
    public void Abandon()
    {
        inFlight.Clear();
        intake.Batch = null;
    }

    /// <summary>Writes what is to be told by now: refusals, then one ack for all, and at the very end the error.</summary>
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

    /// <summary>Whether there is room for one more source, where it is one.</summary>
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
    /// At the very first bytes, after blank lines. A hello, and whatever else holds records, is an object or an array
    /// of JSON, or a binary stream. Of a client that begins in another way nothing is taken: in what it sends (the body
    /// of a browser's request, say) others may have put records.
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

    /// <summary>Writers of many platforms begin every stream with the byte order mark of UTF-8.</summary>
    private bool SkipsByteOrderMark(ref ReadOnlySpan<byte> rest)
    {
        if (byteOrderMark == Utf8Mark.Length || rest[0] != Utf8Mark[byteOrderMark]) return false;
        byteOrderMark++;
        rest = rest[1..];
        return true;
    }

    /// <summary>After a hello: tells text from binary by the first bytes.</summary>
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

    /// <summary>Whether records may come now: with a hello, or where none is asked for.</summary>
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

        hello = hello with { Token = [] }; // a secret is not kept
        if (!BecomesKnown(hello.Source, hello.Epoch)) return;
        Source = hello.Source;
        parser = new RecordParser(new ParserOptions
        {
            Symbols = symbols, Sources = sources, DefaultSource = hello.Source, DefaultEpoch = hello.Epoch, TimeUnit = hello.TimeUnit,
        });
        byteOrderMark = 0;
        form = Form.Unknown; // what follows may be lines or frames
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
    /// Whether a refused piece may be the beginning of a sound one. It is not handled then: its sender is to send it again.
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

    /// <summary>The ack covers nothing that has come and is not answered, even where a sender's numbers are out of order.</summary>
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

    /// <summary>Takes what the decoders make of the bytes.</summary>
    private sealed class Intake(IngestSession session) : IRecordSink
    {
        /// <summary>The batch that is being filled; null between two.</summary>
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
            // What cannot be read to its seq is the connection's own, as far as anyone knows.
            var named = session.Source is { } source
                && (input.Source.Equals(Source.Anonymous) || (input.Seq < 0 && input.Source.Equals(source)))
                ? input with { Id = new Identity(source, session.hello.Epoch, input.Seq) }
                : input;
            session.Rejected++;
            Batch!.AddUnreadable(named, session.IsOwn(named.Id), isHandled: !session.IsCutShort(input.Rejection.Reason));
        }
    }
}
