using ActorTrading.Engine.Ingest.Tls;
using static ActorTrading.Host.Nodes.Settings.SettingText;

namespace ActorTrading.Host.Nodes.Settings;

/// <summary>The settings <c>tls:*</c>.</summary>
internal static class TlsSettings
{
    public static IReadOnlyList<Setting<TlsOptions>> All { get; } =
    [
        new("tls:certificate", (tls, text) => tls with { Certificate = Text(text) }),
        new("tls:key", (tls, text) => tls with { Key = Text(text) }),
        new("tls:password_file", (tls, text) => tls with { PasswordFile = Text(text) }),
        new("tls:password_variable", (tls, text) => tls with { PasswordVariable = Text(text) }),
        new("tls:client_authority", (tls, text) => tls with { ClientAuthority = Text(text) }),
        new("tls:require_client_certificate", (tls, text) => tls with { RequireClientCertificate = YesOrNo(text) }),
        new("tls:handshake_timeout_ms", (tls, text) => tls with { HandshakeTimeout = Milliseconds(text, 100) }),
    ];

    /// <summary>What is wrong with settings that are valid each for itself.</summary>
    public static IEnumerable<string> Problems(TlsOptions tls)
    {
        if (tls.Certificate.Length == 0) yield return "tls:certificate: is missing, but other settings of tls are set";
        if (tls is { RequireClientCertificate: true, ClientAuthority: null })
            yield return "tls:client_authority: is missing; it is the authority of client certificates";
    }
}
