using System.ComponentModel;
using System.Diagnostics;
using System.Text.RegularExpressions;
using ActorTrading.Engine.Ingest.Access;
using ActorTrading.Engine.Ingest.Tls;
using ActorTrading.TestKit;

namespace ActorTrading.Host.Tests.Security;

/// <summary>The commands in docs/security.md create files that a node accepts.</summary>
public sealed partial class SecurityDocumentTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly string document = File.ReadAllText(Path.Combine(ReferenceData.RepositoryFolder(), "docs", "security.md"));

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task TokenAndRules_LetTheBearerIn()
    {
        if (await RunAsync("token", "openssl rand") is not { } said) return; // no openssl on this machine
        var hash = said.Split(' ')[0];
        var token = await File.ReadAllBytesAsync(InFolder("desk.token"));
        var rules = Blocks().Single(block => block.Contains("\"tokens\"", StringComparison.Ordinal));
        Assert.Contains("fcde2b2…", rules, StringComparison.Ordinal);
        var number = 0;
        rules = Shortened().Replace(rules, found => found.Value == "fcde2b2…" ? hash : $"{++number:x64}");
        Environment.SetEnvironmentVariable("DESK_TOKEN", "desk-0123456789abcdef");
        await File.WriteAllTextAsync(InFolder("rules.json"), rules);
        using var access = AccessRules.Load(InFolder("rules.json"));

        var grant = access.Authenticate(token);
        Assert.True(grant is { Name: "ops", IsAdmin: true, MayReadEverySymbol: true, MaySendSomething: false });
        Assert.Equal(43, token.Length); // 32 bytes, in characters allowed in a WebSocket's protocol
        Assert.All(token, one => Assert.True(char.IsAsciiLetterOrDigit((char)one) || one is (byte)'-' or (byte)'_'));
    }

    [Fact]
    public async Task Certificate_IsTakenByANode_WithTheNamesOfTheDocument()
    {
        if (await RunAsync("certificates", "openssl req") is null) return; // no openssl on this machine
        using var file = CertificateFile.Open(new TlsOptions
        {
            Certificate = InFolder("node.crt"), Key = InFolder("node.key"), ClientAuthority = InFolder("authority.crt"),
        });

        Assert.True(file.Current.MatchesHostname("node.example"));
        Assert.True(file.Current.MatchesHostname("10.0.0.5"));
        Assert.Equal("CN=my authority", file.Current.Issuer);
    }

    private string InFolder(string name) => folder.File(name);

    /// <summary>The indented blocks of the document.</summary>
    private IEnumerable<string> Blocks() => Block().Matches(document).Select(match => match.Value);

    /// <summary>Runs the block that begins with that text; returns its output, or null without a shell or openssl.</summary>
    private async Task<string?> RunAsync(string name, string beginning)
    {
        var script = Blocks().Single(block => block.TrimStart().StartsWith(beginning, StringComparison.Ordinal));
        await File.WriteAllTextAsync(InFolder(name), $"set -e\ncommand -v openssl >/dev/null || exit 127\n{script}");
        var start = new ProcessStartInfo("sh", [InFolder(name)])
        {
            WorkingDirectory = folder.Path, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        try
        {
            using var process = Process.Start(start)!;
            var (said, wrong) = (process.StandardOutput.ReadToEndAsync(limit.Token), process.StandardError.ReadToEndAsync(limit.Token));
            await process.WaitForExitAsync(limit.Token);
            if (process.ExitCode == 127) return null;
            Assert.True(process.ExitCode == 0, await wrong);
            return await said;
        }
        catch (Win32Exception)
        {
            return null;
        }
    }

    [GeneratedRegex(@"(?<=\n\n)(    .*\n)+")]
    private static partial Regex Block();

    [GeneratedRegex("[0-9a-f]{7}…")]
    private static partial Regex Shortened();
}
