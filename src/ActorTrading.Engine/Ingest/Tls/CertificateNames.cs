using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace ActorTrading.Engine.Ingest.Tls;

/// <summary>The names in a certificate's subjectAltName (RFC 5280, 4.2.1.6): DNS, URI and e-mail.</summary>
internal static class CertificateNames
{
    private const string SubjectAltName = "2.5.29.17";
    private const int Email = 1;
    private const int Dns = 2;
    private const int Uri = 6;

    /// <summary>All names; empty if the extension is missing or damaged.</summary>
    public static IReadOnlyList<string> Of(X509Certificate2 certificate)
    {
        var names = new List<string>();
        try
        {
            foreach (var extension in certificate.Extensions.Where(one => one.Oid?.Value == SubjectAltName))
            {
                var all = new AsnReader(extension.RawData, AsnEncodingRules.DER).ReadSequence();
                while (all.HasData)
                {
                    var tag = all.PeekTag();
                    var value = all.ReadEncodedValue();
                    if (tag is not { TagClass: TagClass.ContextSpecific, TagValue: Email or Dns or Uri }) continue;
                    var text = AsnDecoder.ReadCharacterString(value.Span, AsnEncodingRules.DER, UniversalTagNumber.IA5String, out _, tag);
                    names.Add(text);
                }
            }
        }
        catch (Exception e) when (e is AsnContentException or CryptographicException or DecoderFallbackException)
        {
            return [];
        }

        return names;
    }
}
