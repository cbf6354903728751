using System.Net;
using System.Security.Cryptography.X509Certificates;
using ActorTrading.TestKit;
using ActorTrading.TestKit.Ingest;

namespace ActorTrading.Connectors.Tests.Kafka;

/// <summary>Records from a broker that requires encryption and authentication.</summary>
public sealed class KafkaSecurityTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly X509Certificate2 authority = Certificates.MakeAuthority("CN=authority");

    public void Dispose()
    {
        authority.Dispose();
        folder.Dispose();
    }

    [Fact]
    public async Task EncryptedBroker_IsThatOfTheAuthority_AndLetsOurCertificateIn()
    {
        await using var rig = await KafkaRig.StartAsync(brokers: 1);
        rig.Cluster.CreateTopic("ticks");
        using var certificate = Certificates.Make("CN=broker", static names => names.AddIpAddress(IPAddress.Loopback), authority);
        using var stranger = Certificates.MakeAuthority("CN=stranger");
        await using var guard = new KafkaGuard(rig.Cluster, certificate, authority);
        var (mine, strange) = ($"{Tls(authority, "ours")},{Client(authority, "ours")}", Client(stranger, "strange"));
        var misled = $"{Tls(stranger, "other")},{Client(authority, "ours")}";
        foreach (var wrong in new[] { Tls(authority, "bare"), $"{Tls(authority, "ours")},{strange}", misled })
            await RefusedAsync(rig, guard, $"\"tls\":{{{wrong}}}");
        Assert.Empty(guard.Guests);

        var lines = await rig.LinesAsync("ticks", 0, 100);
        var connector = Connect(rig, guard, $"\"tls\":{{{mine}}}");
        await rig.Cluster.ProduceAsync("ticks", 0, lines);
        await rig.AssertStateAsync();
        await Until.True(() => rig.Cluster.Committed("g", "ticks") == 100, "commits");
        Assert.Equal(ConnectorPhase.Running, connector.Status.Phase);
        Assert.Equal(["CN=desk"], guard.Guests.Distinct());
    }

    [Fact]
    public async Task NameInTheCertificate_IsLookedAt_UnlessTheSettingsSayOtherwise()
    {
        await using var rig = await KafkaRig.StartAsync(brokers: 1);
        rig.Cluster.CreateTopic("ticks");
        using var certificate = Certificates.Make("CN=broker", static names => names.AddDnsName("other.example"), authority);
        await using var guard = new KafkaGuard(rig.Cluster, certificate);
        await RefusedAsync(rig, guard, $"\"tls\":{{{Tls(authority, "ours")}}}");
        Connect(rig, guard, $"\"tls\":{{{Tls(authority, "ours")},\"check_host\":false}}");
        await rig.Cluster.ProduceAsync("ticks", 0, await rig.LinesAsync("ticks", 0, 10));
        await rig.AssertStateAsync();
    }

    [Fact]
    public async Task BrokerThatAnswersNothingAnyMore_DoesNotKeepAConnectorFromStopping()
    {
        await using var rig = await KafkaRig.StartAsync(brokers: 1);
        rig.Cluster.CreateTopic("ticks");
        using var certificate = Certificates.Make("CN=broker", static names => names.AddIpAddress(IPAddress.Loopback), authority);
        await using var guard = new KafkaGuard(rig.Cluster, certificate);
        await rig.Cluster.ProduceAsync("ticks", 0, await rig.LinesAsync("ticks", 0, 10));
        rig.Journal.Stall();
        var connector = Connect(rig, guard, $"\"tls\":{{{Tls(authority, "ours")}}}");
        await Until.True(() => connector.Status.Lag == 10, "records under way");
        guard.Mute();
        rig.Journal.Resume();
        await rig.AssertStateAsync();
        await connector.DisposeAsync(); // it has offsets to commit
        Assert.Equal(ConnectorPhase.Stopped, connector.Status.Phase);
        Assert.True(rig.Log.Has("brokers do not answer"), string.Join('\n', rig.Log.All));
    }

    [Fact]
    public async Task NameAndPassword_OpenTheBroker_AndAWrongOneIsToldWithoutIt()
    {
        await using var rig = await KafkaRig.StartAsync(brokers: 1);
        rig.Cluster.CreateTopic("ticks");
        using var certificate = Certificates.Make("CN=broker", static names => names.AddIpAddress(IPAddress.Loopback), authority);
        await using var guard = new KafkaGuard(rig.Cluster, certificate, login: "desk:right-password");
        var error = await RefusedAsync(rig, guard, Login("wrong-password"));
        Assert.DoesNotContain("wrong-password", error, StringComparison.Ordinal);
        Assert.Empty(guard.Guests);
        Connect(rig, guard, Login("right-password"));
        await rig.Cluster.ProduceAsync("ticks", 0, await rig.LinesAsync("ticks", 0, 10));
        await rig.AssertStateAsync();
        Assert.Equal(["desk"], guard.Guests.Distinct());

        string Login(string password) => $$"""
            "tls":{ {{Tls(authority, "ours")}} },
            "sasl":{ "mechanism":"PLAIN","user":"desk","password_file":"{{Write("password", password)}}" }
            """;
    }

    private static IConnector Connect(KafkaRig rig, KafkaGuard guard, string security) => rig.Connect(
        $"""
        "topics":"ticks","group":"g",{security}
        """,
        brokers: guard.Address);

    /// <summary>Connects and is rejected; returns the message in the status.</summary>
    private static async Task<string> RefusedAsync(KafkaRig rig, KafkaGuard guard, string security)
    {
        var refused = guard.Refused;
        await using var connector = Connect(rig, guard, security);
        await Until.True(() => guard.Refused > refused && connector.Status.LastError is not null, "it is refused");
        Assert.Equal((ConnectorPhase.Connecting, 0), (connector.Status.Phase, connector.Status.Messages));
        return connector.Status.LastError!;
    }

    /// <summary>The trusted authority.</summary>
    private string Tls(X509Certificate2 trusted, string name) => $"\"ca\":\"{Write($"{name}-ca.pem", trusted.ExportCertificatePem())}\"";

    /// <summary>A client certificate of an authority.</summary>
    private string Client(X509Certificate2 by, string name)
    {
        using var made = Certificates.Make("CN=desk", authority: by);
        using var key = made.GetECDsaPrivateKey()!;
        var certificate = Write($"{name}.pem", made.ExportCertificatePem());
        var secret = Write($"{name}.key", key.ExportPkcs8PrivateKeyPem());
        return $"\"certificate\":\"{certificate}\",\"key\":\"{secret}\"";
    }

    private string Write(string name, string content)
    {
        var path = folder.File(name);
        File.WriteAllText(path, content);
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        return path;
    }
}
