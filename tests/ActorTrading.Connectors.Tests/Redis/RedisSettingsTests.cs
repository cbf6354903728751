using System.Text;
using System.Text.RegularExpressions;
using ActorTrading.Connectors.Redis;
using ActorTrading.Connectors.Settings;
using ActorTrading.TestKit;
using Microsoft.Extensions.Configuration;

namespace ActorTrading.Connectors.Tests.Redis;

public sealed partial class RedisSettingsTests
{
    [Fact]
    public void In_IsRead()
    {
        var options = (RedisInOptions)Assert.Single(Read(
            """
            {"connectors":{"a":{"kind":"redis","direction":"in","address":"one:1,two","database":3,"streams":"x, y","lists":["z"],"group":"g",
              "source":"r.{key}","message_field":"m","from":"now","pushed_by":"lpush","batch":7,"max_dead_letters":9,"lease_ms":1500,
              "records_per_message":4,"tls":true,"tls_name":"n"}}}
            """, []));
        Assert.Equal("one:1|two", string.Join('|', options.Server.Addresses));
        Assert.Equal("x|y|z", string.Join('|', options.Streams.Concat(options.Lists)));
        Assert.Equal((3, true, "n"), (options.Server.Database, options.Server.IsEncrypted, options.Server.TlsName));
        Assert.Equal(("g", "m"), (options.Group, options.MessageField));
        Assert.Equal((false, true), (options.FromFirst, options.IsPushedLeft));
        Assert.Equal((7, 9L, 1.5), (options.Batch, options.MaxDeadLetters, options.Lease.TotalSeconds));
        Assert.Equal(("r.x", 4), (options.SourceOf("x").Name, options.Reading.PerMessage));
    }

    [Theory]
    [InlineData("""{"streams":"x"}""", "connectors:a:address: is missing")]
    [InlineData("""{"address":"h:1"}""", "connectors:a:streams: is missing, and so is lists")]
    [InlineData("""{"address":"h:0","streams":"x"}""", "node.json: connectors:a:address: 'h:0' is not HOST:PORT")]
    [InlineData("""{"address":"redis://h","streams":"x"}""", "node.json: connectors:a:address: 'redis://h' is not HOST:PORT")]
    [InlineData("""{"address":"h","streams":"x","lists":"x"}""", "node.json: connectors:a:streams: a key occurs twice")]
    [InlineData("""{"address":"h","streams":"x,y","source":"s"}""", "node.json: connectors:a:source: it needs {key}")]
    [InlineData("""{"address":"h","streams":"kurs\u00fc"}""", "connectors:a:source: 'redis/kurs\u00fc' is not a source name")]
    [InlineData("""{"address":"h","streams":"x","user":"u"}""", "node.json: connectors:a:user: it needs a password")]
    [InlineData("""{"address":"h","streams":"x","tls_ca":"/no/such.pem"}""", "node.json: connectors:a:tls_ca: /no/such.pem: ")]
    [InlineData("""{"address":"h","streams":"x","tls_name":"n"}""", "connectors:a:tls: it is not true")]
    [InlineData("""{"address":"h","streams":"x","tls":true,"tls_key":"k"}""", "connectors:a:tls_certificate: tls_certificate and tls_key")]
    [InlineData("""{"address":"h","streams":"x","batch":0}""", "node.json: connectors:a:batch: '0' is not a whole number")]
    [InlineData(
        """{"address":"h","streams":"x","pushed_by":"push"}""", "node.json: connectors:a:pushed_by: 'push' is not one of rpush, lpush")]
    [InlineData("""{"address":"h","streams":"x","password":"geheim"}""", "node.json: connectors:a:password: unknown setting")]
    public void WhatIsWrongIn_IsToldWithItsPath(string keys, string expected)
    {
        var errors = new List<string>();
        Assert.Empty(Read("""{"connectors":{"a":{"kind":"redis","direction":"in",""" + keys[1..] + "}}", errors));
        Assert.Contains(errors, error => error.Contains(expected, StringComparison.Ordinal));
        Assert.DoesNotContain("geheim", string.Concat(errors), StringComparison.Ordinal);
    }

    [Fact]
    public void ExamplesOfTheDocument_AreRead()
    {
        var text = File.ReadAllText(Path.Combine(ReferenceData.RepositoryFolder(), "docs", "redis.md")).ReplaceLineEndings("\n");
        var examples = Example().Matches(text).Select(match => match.Groups[1].Value).ToList();
        Assert.NotEmpty(examples);
        Environment.SetEnvironmentVariable("REDIS_PASSWORD", "only here");
        Assert.All(examples, example =>
        {
            var errors = new List<string>();
            Assert.NotEmpty(Read(example, errors));
            Assert.Empty(errors);
        });
        Assert.All(
            Read(examples[0], []),
            options => Assert.Contains($"`{((RedisInOptions)options).Group}`", text, StringComparison.Ordinal));
    }

    private static IReadOnlyList<ConnectorOptions> Read(string json, List<string> errors)
    {
        var values = new ConfigurationBuilder().AddJsonStream(new MemoryStream(Encoding.UTF8.GetBytes(json))).Build();
        return ConnectorSettings.Read([new SettingsSource(static path => $"node.json: {path}", values)], errors);
    }

    [GeneratedRegex("```json\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Example();
}
