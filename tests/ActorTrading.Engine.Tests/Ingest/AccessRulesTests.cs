using System.Security.Cryptography;
using System.Text;
using ActorTrading.Domain.Values;
using ActorTrading.Engine.Ingest.Access;
using ActorTrading.TestKit;
using ActorTrading.TestKit.Ingest;

namespace ActorTrading.Engine.Tests.Ingest;

/// <summary>Who may do what, by token and by certificate, from a file that changes.</summary>
public sealed class AccessRulesTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly List<string> notices = [];

    private string Path => folder.File("access.json");

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Token_IsKnownPlain_Hashed_AndFromTheEnvironment()
    {
        Environment.SetEnvironmentVariable("ACCESS_RULES_TEST", Tokens.Long("third"));
        using var rules = Load(
            $$"""
            { // comments are fine
              "tokens": [
                {"name": "one", "token": "first"},
                {"name": "two", "sha256": "{{Convert.ToHexString(SHA256.HashData("second"u8))}}"},
                {"name": "three", "environment": "ACCESS_RULES_TEST"},
              ]
            }
            """);
        Assert.Equal(
            ["one", "two", "three"],
            new[] { Tokens.Long("first"), "second", Tokens.Long("third") }
                .Select(token => rules.Authenticate(Encoding.UTF8.GetBytes(token))!.Name));
        foreach (var wrong in new[] { "", "firs", "first ", "First", "fourth", Convert.ToHexString(SHA256.HashData("second"u8)) })
            Assert.Null(rules.Authenticate(Encoding.UTF8.GetBytes(wrong)));
        Assert.Null(rules.Anonymous);
    }

    [Fact]
    public void Grant_NamesSourcesAndSymbols_AndGivesNothingElse()
    {
        using var rules = Load(
            """{"tokens":[{"token":"a","sources":["feed-1","eu-*"],"symbols":["AAPL","BTC*"],"read":["MSFT"]},{"token":"b","admin":true}],"anonymous":{"read":["*"]}}""");
        var feed = rules.Authenticate(Token("a"))!;
        Assert.Equal(
            [true, false, true, true, false],
            new[] { "feed-1", "feed-12", "eu-", "eu-7", "us-1" }.Select(name => feed.MaySend(Source.Parse(name))));
        Assert.Equal(
            [true, true, false, false], new[] { "AAPL", "BTC/USD", "AAPLX", "MSFT" }.Select(name => feed.MaySend(Symbol.Parse(name))));
        Assert.Equal((true, false), (feed.MayRead(Symbol.Parse("MSFT")), feed.MayRead(Symbol.Parse("AAPL"))));
        Assert.False(feed.MaySend(Symbol.Economy) || feed.IsAdmin || feed.MaySendEverySymbol || feed.MayReadEverySymbol);

        var admin = rules.Authenticate(Token("b"))!;
        Assert.True(admin.IsAdmin && admin.MaySend(Symbol.Economy));
        Assert.False(admin.MaySend(Source.Parse("feed-1")) || admin.MaySend(Source.Anonymous) || admin.MayRead(Symbol.Parse("MSFT")));
        Assert.True(rules.Anonymous!.MayReadEverySymbol);
        Assert.False(rules.Anonymous.MaySend(Source.Anonymous));
    }

    [Fact]
    public void Certificate_IsKnownBySubjectOrByOneOfItsNames()
    {
        using var rules = Load(
            """{"certificates":[{"name":"a","subject":"CN=feed-a"},{"name":"b","san":"feed-b.example"},{"name":"c","san":"spiffe://x/feed-c"}]}""");
        using var a = Certificates.Make("CN=feed-a");
        using var b = Certificates.Make("CN=other", names => names.AddDnsName("feed-b.example"));
        using var c = Certificates.Make("CN=other", names =>
        {
            names.AddDnsName("y.example");
            names.AddUri(new Uri("spiffe://x/feed-c"));
        });
        using var d = Certificates.Make("CN=feed-b.example");
        Assert.Equal(["a", "b", "c", null], new[] { a, b, c, d }.Select(one => rules.Authenticate(one)?.Name));
    }

    [Fact]
    public void Limits_AreRead_AndNoneIsWithoutAQuota()
    {
        using var rules = Load(
            """{"tokens":[{"token":"a","limits":{"records_per_second":500,"symbols":0,"connections":2,"queries":4}},{"token":"b"}]}""");
        var limits = rules.Authenticate(Token("a"))!.Limits;
        Assert.Equal(new CallerLimits { RecordsPerSecond = 500, Symbols = 0, Connections = 2, Queries = 4 }, limits);
        Assert.Equal(CallerLimits.None, rules.Authenticate(Token("b"))!.Limits);
    }

    [Theory]
    [InlineData("", "it is not valid JSON")]
    [InlineData("[]", "must be an object")]
    [InlineData("""{"token":[]}""", "token: is not known")]
    [InlineData("""{"tokens":{}}""", "tokens: must be a list")]
    [InlineData("""{"tokens":[{}]}""", "tokens[0]: needs one of")]
    [InlineData("""{"tokens":[{"token":"s3cret","sha256":"x"}]}""", "tokens[0]: needs one of")]
    [InlineData("""{"tokens":[{"token":""}]}""", "tokens[0].token: must be text")]
    [InlineData("""{"tokens":[{"sha256":"s3cret"}]}""", "tokens[0].sha256: must be 64 hexadecimal digits")]
    [InlineData("""{"tokens":[{"environment":"NOT_SET_ANYWHERE"}]}""", "tokens[0].environment: the variable NOT_SET_ANYWHERE is not set")]
    [InlineData("""{"tokens":[{"token":"s3cret"},{"token":"s3cret"}]}""", "tokens[1]: an earlier rule has the same key")]
    [InlineData("""{"tokens":[{"token":"s3cret","sources":"x"}]}""", "tokens[0].sources: must be a list")]
    [InlineData("""{"tokens":[{"token":"s3cret","symbols":["A*B"]}]}""", "tokens[0].symbols: 'A*B' is not a name or a pattern")]
    [InlineData("""{"tokens":[{"token":"s3cret","admin":1}]}""", "tokens[0].admin: must be true or false")]
    [InlineData("""{"tokens":[{"token":"s3cret","source":["x"]}]}""", "tokens[0].source: is not known")]
    [InlineData("""{"tokens":[{"token":"s3cret","limits":5}]}""", "tokens[0].limits: must be an object")]
    [InlineData("""{"tokens":[{"token":"s3cret","limits":{"speed":5}}]}""", "tokens[0].limits.speed: is not known")]
    [InlineData("""{"tokens":[{"token":"s3cret","limits":{"queries":0}}]}""", "tokens[0].limits.queries: must be a whole number from 1")]
    [InlineData("""{"certificates":[{"name":"x"}]}""", "certificates[0]: needs one of subject and san")]
    [InlineData("""{"anonymous":[]}""", "anonymous: must be an object")]
    [InlineData("""{"tokens":[{"token":"s3cret}]}""", "line 1: it is not valid JSON")]
    [InlineData("""{"tokens":[{"token":"s3cret\ud800"}]}""", "low surrogate")]
    public void FileThatHoldsNoRules_IsRefusedWithThePlace_AndNoSecret(string json, string problem)
    {
        var refusal = Assert.Throws<AccessException>(() => Load(json).Dispose());
        Assert.Contains(problem, refusal.Message);
        Assert.StartsWith(Path, refusal.Message);
        Assert.DoesNotContain("s3cret", refusal.ToString());
    }

    [Fact]
    public void ChangedFile_HoldsSoon_AndABrokenOneChangesNothing()
    {
        var time = new ManualTime();
        using var rules = Load("""{"tokens":[{"name":"before","token":"a"}]}""", time);
        var before = rules.Authenticate(Token("a"))!;
        File.WriteAllText(Path, Tokens.Lengthen("""{"tokens":[{"name":"after","token":"a","admin":true},{"token":"b"}]}"""));
        Assert.True(rules.IsCurrent(before));
        time.Advance(TimeSpan.FromSeconds(2));
        Assert.False(rules.IsCurrent(before));
        Assert.Equal("after", rules.Renew(before)!.Name);
        Assert.NotNull(rules.Authenticate(Token("b")));

        File.WriteAllText(Path, Tokens.Lengthen("""{"tokens":[{"token":"b"]}"""));
        for (var i = 0; i < 5; i++) time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal("after", rules.Authenticate(Token("a"))!.Name);
        File.Delete(Path);
        for (var i = 0; i < 5; i++) time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal("after", rules.Authenticate(Token("a"))!.Name);
        File.WriteAllText(Path, Tokens.Lengthen("""{"tokens":[{"token":"b"}]}"""));
        time.Advance(TimeSpan.FromSeconds(2));
        Assert.Null(rules.Authenticate(Token("a")));
        Assert.Null(rules.Renew(before));
        Assert.Equal(
            ["new rules", "previous rules", "previous rules", "new rules"],
            notices.Select(notice => notice.Contains("the previous rules stay in force") ? "previous rules" : "new rules"));
    }

    /// <summary>What could be guessed is refused; of a hash nobody can tell.</summary>
    [Theory]
    [InlineData("a", false)]
    [InlineData("0123456789abcde", false)] // 15
    [InlineData("aaaaaaaaaaaaaaaaaaaaaaaaaaaa", false)]
    [InlineData("abababababababababababababab", false)]
    [InlineData("123451234512345123451234512345", false)] // five
    [InlineData("0123456789abcdef", true)]
    [InlineData("dGhpcyBpcyBhIHNlY3JldA", true)]
    public void TokenThatIsEasilyGuessed_IsRefused_InTheFileAndInTheEnvironment(string token, bool isGood)
    {
        const string Variable = "ACCESS_RULES_WEAK_TEST";
        Environment.SetEnvironmentVariable(Variable, token);
        foreach (var rule in new[] { $"\"token\": \"{token}\"", $"\"environment\": \"{Variable}\"" })
        {
            File.WriteAllText(Path, $$"""{"tokens":[{ {{rule}} }]}""");
            if (isGood)
            {
                AccessRules.Load(Path).Dispose();
                continue;
            }

            var refused = Assert.Throws<AccessException>(() => AccessRules.Load(Path));
            Assert.Contains("tokens[0].", refused.Message, StringComparison.Ordinal);
            Assert.Contains("is too weak", refused.Message, StringComparison.Ordinal);
            if (token.Length > 1) Assert.DoesNotContain(token, refused.ToString(), StringComparison.Ordinal);
        }

        using var hashed = Load($$"""{"tokens":[{"sha256":"{{Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(token)))}}"}]}""");
        Assert.NotNull(hashed.Authenticate(Encoding.UTF8.GetBytes(token)));
    }

    private static byte[] Token(string name) => Encoding.UTF8.GetBytes(Tokens.Long(name));

    private AccessRules Load(string json, TimeProvider? time = null)
    {
        File.WriteAllText(Path, Tokens.Lengthen(json));
        return AccessRules.Load(Path, notices.Add, time ?? new ManualTime());
    }
}
