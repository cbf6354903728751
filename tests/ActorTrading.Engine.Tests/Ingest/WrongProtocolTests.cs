using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using ActorTrading.Engine.Ingest;
using ActorTrading.TestKit.Ingest;
using ActorTrading.Wire.Text;

namespace ActorTrading.Engine.Tests.Ingest;

/// <summary>Clients that speak another protocol: nothing of what they send is taken, wherever their bytes are cut.</summary>
public class WrongProtocolTests
{
    private static readonly byte[] Tick = Ticks.Text(Ticks.Many(1));

    /// <summary>Openings, and what the message must hold. What follows each is a tick.</summary>
    public static TheoryData<string, string> Openings => new()
    {
        { "POST / HTTP/1.1\r\nHost: 127.0.0.1:9999\r\nContent-Type: text/plain\r\n\r\n", "not HTTP, which port 5000 speaks" },
        { "GET /symbols HTTP/1.1\r\n\r\n", "HTTP" },
        { "\r\n\r\n \tget /x\n", "HTTP" }, // as of HTTP/0.9
        { "M-SEARCH * HTTP/1.1\r\n\r\n", "HTTP" },
        { "CONNECT node:9999 HTTP/1.1\r\n\r\n", "HTTP" },
        { "GET http://node:9999/ HTTP/1.1\r\n\r\n", "HTTP" },
        { "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "HTTP" },
        { "ATB /x HTTP/1.1\r\n", "" }, // a method that is the mark of a binary stream
        { "ATBOX /x HTTP/1.1\r\n", "" },
        { "ATX /x HTTP/1.1\r\n", "HTTP" },
        { "\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001", "without TLS" },
        { "PROXY TCP4 10.0.0.1 10.0.0.2 40000 9999\r\n", "without the PROXY protocol" },
        { "\r\n\r\n\0\r\nQUIT\n!", "another protocol" }, // PROXY, version 2
        { "SSH-2.0-OpenSSH_9.6\r\n", "another protocol" },
        { "EHLO example\r\nMAIL FROM:<a@example>\r\n", "another protocol" },
        { "USER anonymous\r\n", "another protocol" },
        { "*1\r\n$4\r\nPING\r\n", "another protocol" }, // RESP
        { "\0\0\0\u0008\u0004\u00d2\u0016\u002f", "another protocol" }, // PostgreSQL
        { "\0\0\0\u0023\0\u0012\0\u0004", "another protocol" }, // Kafka
        { "AMQP\0\0\u0009\u0001", "another protocol" },
        { "\u0010\u000e\0\u0004MQTT\u0004\u0002", "another protocol" },
        { "CONNECT {\"verbose\":false}\r\n", "another protocol" }, // NATS
        { "\u001f\u008b\u0008\0", "another protocol" }, // gzip
        { "symbol,ts,price,size\r\n", "another protocol" },
        { "\"AAPL\"\r\n", "another protocol" },
    };

    [Theory]
    [MemberData(nameof(Openings))]
    public void AnotherProtocol_EndsTheConnection_AndNothingThatFollowsIsTaken(string opening, string told)
    {
        byte[] bytes = [.. Encoding.Latin1.GetBytes(opening), .. Tick, .. Encoding.ASCII.GetBytes("{\"hello\":\"feed-1\"}\n"), .. Tick];
        var whole = Talk(bytes);
        for (var cut = 1; cut < bytes.Length; cut++) Assert.Equal(whole, Talk(bytes[..cut], bytes[cut..]));
        Assert.Equal(whole, Talk([.. bytes.Select(one => (byte[])[one])]));
        if (told.Length == 0)
        {
            Assert.Equal(IngestError.DamagedStream, whole.Code);
            return;
        }

        Assert.Equal(IngestError.WrongProtocol, whole.Code);
        var isHttp = told.Contains("HTTP", StringComparison.Ordinal);
        var body = isHttp ? whole.Output[(whole.Output.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4)..] : whole.Output;
        using var json = JsonDocument.Parse(body);
        var error = isHttp ? json.RootElement : json.RootElement.GetProperty("error");
        Assert.Equal("wrong_protocol", error.GetProperty("code").GetString());
        Assert.Contains(told, error.GetProperty(isHttp ? "detail" : "message").GetString());
        if (!isHttp) return;
        Assert.StartsWith("HTTP/1.1 400 Bad Request\r\n", whole.Output);
        Assert.Contains($"\r\nContent-Length: {body.Length.ToString(CultureInfo.InvariantCulture)}\r\n", whole.Output);
    }

    [Theory]
    [MemberData(nameof(Openings))]
    public void OpeningThatEndsAnywhere_IsNothingThatCounts(string opening, string told)
    {
        _ = told;
        var bytes = Encoding.Latin1.GetBytes(opening);
        for (var end = 0; end <= bytes.Length; end++) Assert.Equal(0, Talk(bytes[..end]).Pieces);
    }

    [Fact]
    public void LineWithoutAnEnd_IsDecidedByItsBeginning()
    {
        Assert.Equal(IngestError.WrongProtocol, Talk(Encoding.ASCII.GetBytes("POST /" + new string('x', 5_000))).Code);
        Assert.StartsWith("HTTP/1.1 400 ", Talk(Encoding.ASCII.GetBytes("POST /" + new string('x', 5_000))).Output);
        Assert.StartsWith("{\"error\":", Talk(Encoding.ASCII.GetBytes(new string('x', 5_000))).Output);
    }

    [Theory]
    [InlineData("\uFEFF")]
    [InlineData("\r\n\n \t")]
    [InlineData("\n\uFEFF")]
    [InlineData("[{\"symbol\":\"A\",\"ts\":1720522800,\"price\":1}]\n")]
    [InlineData("  {\"symbol\":\n")]
    [InlineData("\n{\"hello\":\"feed-1\"}\nGET / HTTP/1.1\n")] // who has said hello is no browser
    public void WhatMayComeFirst_MayStillComeFirst(string opening)
    {
        byte[] bytes = [.. Encoding.UTF8.GetBytes(opening), .. Tick];
        for (var cut = 0; cut <= bytes.Length; cut++)
        {
            var (code, records, _, _) = Talk(bytes[..cut], bytes[cut..]);
            Assert.Null(code);
            Assert.InRange(records, 1, 2);
        }
    }

    private static (string? Code, int Records, int Pieces, string Output) Talk(params IEnumerable<byte[]> chunks)
    {
        var session = new IngestSession(new IngestOptions { HttpPort = 5000 }, new SymbolTable(), new SourceTable());
        var output = new ArrayBufferWriter<byte>();
        var (records, pieces) = (0, 0);
        foreach (var chunk in chunks)
        {
            var batch = new IngestBatch();
            if (session.Error is null) session.Read(chunk, batch);
            (records, pieces) = (records + batch.Count, pieces + batch.Pieces);
            if (!batch.IsEmpty)
            {
                session.Answers.Begin(batch);
                session.Answers.Complete(batch, new ActorTrading.Engine.IngestResult(batch.Count, 0, 0, []));
            }
        }

        var last = new IngestBatch();
        session.End(last);
        session.Answers.Abandon();
        session.Answers.Write(output);
        if (session.Error is not null) Assert.Equal((0, 0), (records + last.Count, session.Records));
        return (session.Error?.Code, records + last.Count, pieces + last.Pieces, Encoding.UTF8.GetString(output.WrittenSpan));
    }
}
