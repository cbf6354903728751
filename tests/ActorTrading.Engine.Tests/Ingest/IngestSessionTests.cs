using System.Buffers;
using System.Text;
using ActorTrading.Domain.Admission;
using ActorTrading.Domain.Values;
using ActorTrading.Engine.Ingest;
using ActorTrading.Engine.Ingest.Access;
using ActorTrading.TestKit;
using ActorTrading.TestKit.Ingest;
using ActorTrading.Wire;
using ActorTrading.Wire.Text;
using Record = ActorTrading.Domain.Records.Record;

namespace ActorTrading.Engine.Tests.Ingest;

/// <summary>The protocol without sockets.</summary>
public class IngestSessionTests
{
    private const string Hello = "{\"hello\":\"feed-1\",\"epoch\":1}\n";
    private const string HelloBack =
        """{"hello":{"version":1,"source":"feed-1","epoch":1,"max_line":65536,"max_frame":131072,"heartbeat_ms":5000}}""";

    private static readonly Source Feed = Source.Parse("feed-1");

    public static TheoryData<bool> Forms => new(false, true);

    [Theory]
    [MemberData(nameof(Forms))]
    public void WhereverTheBytesAreCut_RecordsAndAnswersAreTheSame(bool binary)
    {
        var bytes = Stream(binary, Hello, Ticks.Many(8, badEvery: 3));
        var whole = new Talk();
        whole.Feed(bytes);
        whole.Finish();
        Assert.Equal(RecordText.Describe(Ticks.Many(8, Feed, epoch: 1, badEvery: 3)), RecordText.Describe([.. whole.Records]));
        Assert.Equal([HelloBack, Refused(3), Refused(6), Ack(8)], whole.Lines);
        for (var cut = 0; cut <= bytes.Length; cut++)
        {
            var talk = new Talk();
            talk.Feed(bytes.AsSpan(0, cut));
            talk.Feed(bytes.AsSpan(cut));
            talk.Finish();
            Assert.Equal(RecordText.Describe([.. whole.Records]), RecordText.Describe([.. talk.Records]));
            Assert.Equal(whole.LinesButAcks, talk.LinesButAcks);
            Assert.Equal(Ack(8), talk.Lines[^1]);
            talk.CheckAcks();
        }
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public void ByteByByte_NothingIsLost(bool binary)
    {
        var talk = new Talk();
        foreach (var one in Stream(binary, Hello, Ticks.Many(8, badEvery: 3))) talk.Feed([one]);
        talk.Finish();
        Assert.Equal(RecordText.Describe(Ticks.Many(8, Feed, epoch: 1, badEvery: 3)), RecordText.Describe([.. talk.Records]));
        Assert.Equal([HelloBack, Refused(3), Refused(6)], talk.LinesButAcks);
        talk.CheckAcks();
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public void StreamThatEndsAnywhere_GivesWhatWasComplete_AndNothingElse(bool binary)
    {
        var records = Ticks.Many(5, Feed, epoch: 1);
        var bytes = binary ? Ticks.Binary(records, batchBytes: 1) : Ticks.Text(records);
        var known = RecordText.Describe(records);
        for (var end = 0; end < bytes.Length; end++)
        {
            var talk = new Talk();
            talk.Feed(bytes.AsSpan(0, end));
            talk.End();
            talk.Finish();
            var seen = RecordText.Describe([.. talk.Records]);
            Assert.Equal(known.Take(seen.Length), seen);
            Assert.Empty(talk.Lines);
            if (!binary) Assert.Equal(Encoding.UTF8.GetString(bytes, 0, end).Count(c => c == '}'), seen.Length);
        }
    }

    [Fact]
    public void BatchesThatFinishInAnyOrder_AreAnsweredInTheOrderOfTheInput()
    {
        foreach (var order in Permutations([0, 1, 2, 3]))
        {
            var talk = new Talk { Holds = true };
            talk.Feed(Encoding.UTF8.GetBytes(Hello));
            for (var i = 0; i < 4; i++) talk.Feed(Ticks.Text(Enumerable.Range(1, 3).Select(n => Ticks.Of((3 * i) + n, badEvery: 5))));
            for (var done = 1; done <= 4; done++)
            {
                talk.Complete(order[done - 1]);
                var finished = order.Take(done).ToHashSet();
                var prefix = Enumerable.Range(0, 4).TakeWhile(finished.Contains).Count();
                Assert.Equal(3 * prefix, talk.LastAck);
                Assert.Equal(new[] { 5, 10 }.Count(seq => seq <= 3 * prefix), talk.LinesButAcks.Count - 1);
            }

            Assert.Equal([HelloBack, Refused(5), Refused(10)], talk.LinesButAcks);
            talk.CheckAcks();
        }
    }

    [Fact]
    public void SeqsOutOfOrder_AreNotAcknowledgedBeforeTheLowerOnesAreDone()
    {
        var talk = new Talk { Holds = true };
        talk.Feed(Encoding.UTF8.GetBytes(Hello));
        talk.Feed(Ticks.Text([Ticks.Of(7)]));
        talk.Feed(Ticks.Text([Ticks.Of(5)]));
        talk.Complete(0);
        Assert.Equal("""{"ack":4,"handled":1}""", talk.Lines[^1]);
        talk.Complete(1);
        Assert.Equal("""{"ack":7,"handled":2}""", talk.Lines[^1]);
    }

    [Fact]
    public void UnreadableLines_AreAnsweredBySeqWhereTheyHaveOne_ElseByLine()
    {
        var talk = new Talk(new IngestOptions { MaxLine = 100 });
        talk.Feed(Encoding.UTF8.GetBytes(
            Hello + "\n{\"symbol\":\n{\"symbol\":\"A\",\"ts\":1720522800,\"price\":\"x\",\"seq\":9}\n" + new string('x', 101) + "\n"));
        talk.Feed([(byte)'{', 0xff, 0xfe, (byte)'}', (byte)'\n']);
        Assert.Equal(
            [
                """{"reject":{"line":3,"reason":"malformed","field":"line","value":"at byte 10: the line ends"}}""",
                """{"reject":{"seq":9,"reason":"not_a_number","field":"price","value":"x"}}""",
                """{"reject":{"line":5,"reason":"line_too_long","field":"line","value":"101 bytes; the limit is 100"}}""",
            ],
            talk.LinesButAcks.Skip(1).Take(3));
        Assert.StartsWith("""{"reject":{"line":6,"reason":"malformed","field":"line","value":"at byte 1:""", talk.LinesButAcks[4]);
        Assert.Equal("""{"ack":9,"handled":4}""", talk.Lines[^1]);
        Assert.Equal([Feed, Feed, Feed, Feed], talk.Unreadable.Select(input => input.Source));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void ByteOrderMark_IsPassedOver_WhereverTheStreamIsCut(bool isAfterHello)
    {
        byte[] mark = [0xEF, 0xBB, 0xBF];
        byte[] hello = Encoding.UTF8.GetBytes(Hello);
        var ticks = Ticks.Text(Ticks.Many(2));
        byte[] bytes = isAfterHello ? [.. hello, .. mark, .. ticks] : [.. mark, .. hello, .. ticks];
        for (var cut = 0; cut <= bytes.Length; cut++)
        {
            var talk = new Talk();
            talk.Feed(bytes[..cut]);
            talk.Feed(bytes[cut..]);
            Assert.Equal(2, talk.Records.Count);
            Assert.Empty(talk.Unreadable);
            Assert.Equal(Ack(2), talk.Lines[^1]);
        }
    }

    [Fact]
    public void TimeUnitOfTheHello_HoldsForAllRecords()
    {
        var talk = new Talk();
        talk.Feed("""
            {"hello":"feed-1","time_unit":"ms"}
            {"symbol":"A","ts":86400000000,"price":1,"seq":1}
            {"symbol":"A","ts":1720522800000,"price":1,"seq":2}

            """u8);
        Assert.Equal(["1972-09-27T00:00:00Z", "2024-07-09T11:00:00Z"], talk.Records.Select(record => record.Time.ToString()));
        Assert.StartsWith("""{"error":{"code":"bad_hello",""", Assert.Single(Told("""{"hello":"feed-1","time_unit":"fortnights"}""")));

        static IReadOnlyList<string> Told(string hello)
        {
            var other = new Talk();
            other.Feed(Encoding.UTF8.GetBytes(hello + "\n"));
            return other.Lines;
        }
    }

    [Fact]
    public void RecordsThatNameAnotherSource_KeepIt_AndDoNotMoveTheAck()
    {
        var talk = new Talk();
        talk.Feed(Encoding.UTF8.GetBytes(Hello));
        talk.Feed(Ticks.Text([Ticks.Of(1), Ticks.Of(50, Source.Parse("other"), epoch: 3), Ticks.Of(2)]));
        Assert.Equal(["feed-1/1/1", "other/3/50", "feed-1/1/2"], talk.Records.Select(record => record.Id.ToString()));
        Assert.Equal("""{"ack":2,"handled":3}""", talk.Lines[^1]);
    }

    [Fact]
    public void WithoutHello_NothingIsSentBack()
    {
        var talk = new Talk();
        talk.Feed(Ticks.Text(Ticks.Many(3, badEvery: 2)));
        talk.Feed("garbage\n"u8);
        Assert.Empty(talk.Lines);
        Assert.Equal(3, talk.Records.Count);
        Assert.Equal(2, talk.Session.Answers.Rejected);
    }

    [Theory]
    [InlineData("{\"hello\":\"\"}")]
    [InlineData("{\"hello\":\"-\"}")]
    [InlineData("{\"hello\":5}")]
    [InlineData("{\"hello\":null}")]
    [InlineData("{\"hello\":\"a\\\"b\"}")]
    [InlineData("{\"hello\":\"\\ud800\"}")]
    [InlineData("{\"hello\":\"feed\",\"epoch\":-1}")]
    [InlineData("{\"hello\":\"feed\",\"epoch\":1.5}")]
    [InlineData("{\"hello\":\"feed\",\"epoch\":99999999999999999999}")]
    [InlineData("{\"hello\":\"feed\",\"token\":7}")]
    [InlineData("{\"hello\":\"feed\"} {}")]
    [InlineData("{\"hello\":\"feed\"")]
    public void BadHello_IsToldWhy_AndNothingAfterItIsRead(string line)
    {
        var talk = new Talk();
        talk.Feed(Encoding.UTF8.GetBytes(line + "\n" + Encoding.UTF8.GetString(Ticks.Text(Ticks.Many(1)))));
        Assert.StartsWith("""{"error":{"code":"bad_hello","message":""", Assert.Single(talk.Lines));
        Assert.Empty(talk.Records);
    }

    [Fact]
    public void OnlyWhoShowsTheToken_MaySend_AndOnlyAsItself()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("access.json"), """{"tokens":[{"token":"secret-0123456789abcdef","sources":["feed-1"]}]}""");
        using var rules = AccessRules.Load(folder.File("access.json"));
        var options = new IngestOptions { Access = rules };
        foreach (var bad in new[]
        {
            "{\"hello\":\"feed-1\"}", "{\"hello\":\"feed-1\",\"token\":\"secreT-0123456789abcdef\"}",
            "{\"hello\":\"feed-2\",\"token\":\"secret-0123456789abcdef\"}",
        })
        {
            var refused = new Talk(options);
            refused.Feed(Encoding.UTF8.GetBytes(bad + "\n"));
            var line = Assert.Single(refused.Lines);
            Assert.Contains("\"code\":\"not_allowed\"", line);
            Assert.DoesNotContain("secre", line, StringComparison.OrdinalIgnoreCase);
        }

        foreach (var form in new[] { Ticks.Text(Ticks.Many(1)), Ticks.Binary(Ticks.Many(1)) })
        {
            var unnamed = new Talk(options);
            unnamed.Feed(form);
            Assert.Contains("\"code\":\"hello_required\"", Assert.Single(unnamed.Lines));
            Assert.Empty(unnamed.Records);
        }

        var talk = new Talk(options);
        talk.Feed("{\"hello\":\"feed-1\",\"token\":\"secret-0123456789abcdef\"}\n"u8);
        talk.Feed(Ticks.Text([Ticks.Of(1)]));
        Assert.Equal(["feed-1/0/1"], talk.Records.Select(record => record.Id.ToString()));
        Assert.Equal("tokens[0]", talk.Session.Client.Grant!.Name);
    }

    [Fact]
    public void ConnectionThatSpeaksForTooManySources_IsRefusedTheNextOnes_AndGoesOn()
    {
        var talk = new Talk(new IngestOptions { MaxSources = 2 });
        talk.Feed(Encoding.UTF8.GetBytes(Hello));
        talk.Feed(Ticks.Text([.. Enumerable.Range(1, 3).Select(number => Ticks.Of(number, Source.Parse($"s{number}")))]));
        talk.Feed(Ticks.Text([Ticks.Of(4, Source.Parse("s1")), Ticks.Of(5), Ticks.Of(6, Source.Parse("s3"))]));
        Assert.Equal(["s1", "s2", "s1", "feed-1"], talk.Records.Select(record => record.Id.Source.Name));
        Assert.Contains(
            """{"reject":{"seq":3,"source":"s3","epoch":1,"reason":"too_many_sources","field":"source","value":"s3"}}""", talk.Lines);
        Assert.Equal("""{"ack":5,"handled":6}""", talk.Lines[^1]);
    }

    [Fact]
    public void DamagedFrames_EndTheSession_AfterWhatCameBefore()
    {
        var talk = new Talk();
        var bytes = Stream(binary: true, Hello, Ticks.Many(2));
        talk.Feed(bytes);
        talk.Feed([1, 0, 0, 0, 9, 9, 9, 9]);
        Assert.Equal(2, talk.Records.Count);
        Assert.StartsWith("""{"error":{"code":"damaged_stream","message":"byte """, talk.Lines[^1]);
        Assert.Equal("""{"ack":2,"handled":2}""", talk.Lines[^2]);

        var wrongVersion = new Talk();
        wrongVersion.Feed(Encoding.ASCII.GetBytes(Hello + "ATB2...."));
        Assert.Contains("not version 1 of the binary format", wrongVersion.Lines[^1]);

        var text = new Talk(); // begins like a binary stream and is none
        text.Feed(Encoding.ASCII.GetBytes(Hello + "AT\n"));
        Assert.Contains("\"reason\":\"malformed\"", text.Lines[1]);
        Assert.Null(text.Session.Error);
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public void PieceCutShortByTheEnd_IsNotHandled_SoThatItIsSentAgain(bool binary)
    {
        var bytes = Stream(binary, Hello, Ticks.Many(2));
        var talk = new Talk();
        talk.Feed(bytes);
        talk.Feed(binary ? bytes.AsSpan(bytes.Length - 9, 5) : Encoding.UTF8.GetBytes("{\"symbol\":\"AAPL\",\"seq\":3"));
        talk.End();
        talk.Finish();
        Assert.Equal(2, talk.Session.Answers.Handled);
        Assert.Equal(2, talk.Records.Count);
        Assert.Equal("""{"ack":2,"handled":2}""", talk.Lines.Last(line => line.Contains("handled", StringComparison.Ordinal)));
    }

    [Fact]
    public void SessionThatNobodyHears_DropsItsAnswers_AndAcknowledgesNothing()
    {
        var talk = new Talk { Reads = false };
        talk.Feed(Encoding.UTF8.GetBytes(Hello));
        talk.Feed("?\n"u8);
        Assert.NotEqual(0, talk.Session.Answers.Pending);
        talk.Session.Answers.Mute();
        talk.Feed("?\n"u8);
        Assert.Equal(0, talk.Session.Answers.Pending);
        talk.Reads = true;
        talk.Finish();
        Assert.Empty(talk.Lines);
        Assert.Equal(2, talk.Session.Answers.Rejected);
    }

    [Fact]
    public void AcksThatNobodyReads_BecomeOne()
    {
        var talk = new Talk { Reads = false };
        talk.Feed(Encoding.UTF8.GetBytes(Hello));
        for (var i = 1; i <= 1_000; i++) talk.Feed(Ticks.Text([Ticks.Of(i)]));
        talk.Reads = true;
        talk.Finish();
        Assert.Equal([HelloBack, """{"ack":1000,"handled":1000}"""], talk.Lines);
    }

    private static string Refused(int seq) =>
        $$$"""{"reject":{"seq":{{{seq}}},"reason":"price_not_positive","field":"price","value":"-1"}}""";

    private static string Ack(int count) => $$"""{"ack":{{count}},"handled":{{count}}}""";

    private static byte[] Stream(bool binary, string hello, Record[] records) =>
        [.. Encoding.UTF8.GetBytes(hello), .. binary ? Ticks.Binary(records) : Ticks.Text(records)];

    private static IEnumerable<int[]> Permutations(int[] items) => items.Length == 0
        ? [[]]
        : items.SelectMany(first => Permutations([.. items.Where(item => item != first)]).Select(rest => (int[])[first, .. rest]));

    /// <summary>A session and an engine that refuses prices that are not positive; batches finish at once, or when told.</summary>
    private sealed class Talk
    {
        private readonly List<(IngestBatch Batch, IngestResult Result)> held = [];
        private readonly ArrayBufferWriter<byte> output = new();

        public Talk(IngestOptions? options = null) =>
            Session = new IngestSession(options ?? new IngestOptions(), new SymbolTable(), new SourceTable());

        public IngestSession Session { get; }

        public bool Holds { get; init; }

        public bool Reads { get; set; } = true;

        public List<Record> Records { get; } = [];

        public List<RejectedInput> Unreadable { get; } = [];

        public List<string> Lines => [.. Encoding.UTF8.GetString(output.WrittenSpan).Split('\n', StringSplitOptions.RemoveEmptyEntries)];

        public List<string> LinesButAcks => [.. Lines.Where(line => !line.Contains("\"handled\"", StringComparison.Ordinal))];

        public long LastAck => Session.Answers.Handled;

        public void Feed(ReadOnlySpan<byte> bytes)
        {
            do
            {
                var batch = new IngestBatch();
                bytes = bytes[Session.Read(bytes, batch)..];
                Assert.True(bytes.IsEmpty || Session.IsFull(batch) || Session.Error is not null);
                Take(batch);
            }
            while (!bytes.IsEmpty && Session.Error is null);
        }

        public void End()
        {
            var batch = new IngestBatch();
            Session.End(batch);
            Take(batch);
        }

        public void Finish()
        {
            if (Reads) Session.Answers.Write(output);
        }

        public void Complete(int index)
        {
            Session.Answers.Complete(held[index].Batch, held[index].Result);
            Finish();
        }

        public void CheckAcks()
        {
            var acks = Lines.Where(line => line.StartsWith("{\"ack\"", StringComparison.Ordinal))
                .Select(line => long.Parse(line[7..line.IndexOf(',', StringComparison.Ordinal)])).ToList();
            Assert.NotEmpty(acks);
            Assert.Equal(acks.Order(), acks);
        }

        private void Take(IngestBatch batch)
        {
            if (!batch.IsEmpty)
            {
                Session.Answers.Begin(batch);
                Records.AddRange(batch.Records.Span);
                Unreadable.AddRange(batch.Unreadable);
                var refused = new List<RejectedRecord>();
                for (var i = 0; i < batch.Count; i++)
                {
                    var record = batch.Records.Span[i];
                    var reason = TickRules.Check(record, Limits.Default);
                    if (reason != RejectReason.None) refused.Add(new RejectedRecord(i, TickRules.Explain(record, reason)));
                }

                var result = new IngestResult(batch.Count - refused.Count, 0, 0, refused);
                if (Holds) held.Add((batch, result));
                else Session.Answers.Complete(batch, result);
            }

            Finish();
        }
    }
}
