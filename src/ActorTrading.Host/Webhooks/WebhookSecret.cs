using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using ActorTrading.Engine;

namespace ActorTrading.Host.Webhooks;

/// <summary>
/// The secret that signs a webhook's requests. It is read from a file or an environment variable, never from a setting or an argument, and
/// is never shown.
/// </summary>
internal sealed class WebhookSecret
{
    private const int LeastBytes = 16;

    private readonly byte[] key;

    private WebhookSecret(byte[] key) => this.key = key;

    /// <summary>Reads the first line of a file.</summary>
    /// <exception cref="FormatException">The file does not exist, or its secret is too short.</exception>
    public static WebhookSecret OfFile(string path)
    {
        try
        {
            return Of(PrivateFiles.ReadSecretLine(path), path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new FormatException(exception.Message);
        }
    }

    /// <summary>Reads an environment variable.</summary>
    /// <exception cref="FormatException">The variable is not set, or its secret is too short.</exception>
    public static WebhookSecret OfVariable(string name) => Of(Environment.GetEnvironmentVariable(name), $"the environment variable {name}");

    /// <summary>
    /// The signature of a body sent at a Unix time: <c>t=SECONDS,v1=HEX</c>, where HEX is the HMAC-SHA256 of <c>SECONDS.BODY</c>. The time
    /// is signed too, so that a receiver can reject replayed requests.
    /// </summary>
    public string Sign(long unixSeconds, ReadOnlySpan<byte> body)
    {
        var time = unixSeconds.ToString(CultureInfo.InvariantCulture);
        using var hash = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, key);
        hash.AppendData(Encoding.ASCII.GetBytes(time + "."));
        hash.AppendData(body);
        return $"t={time},v1={Convert.ToHexStringLower(hash.GetHashAndReset())}";
    }

    /// <inheritdoc/>
    public override string ToString() => "(secret)";

    private static WebhookSecret Of(string? text, string where)
    {
        var bytes = Encoding.UTF8.GetBytes((text ?? "").Trim());
        if (bytes.Length < LeastBytes) throw new FormatException($"{where} contains no secret of {LeastBytes} bytes or more");
        return new WebhookSecret(bytes);
    }
}
