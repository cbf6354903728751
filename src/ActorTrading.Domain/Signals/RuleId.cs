using System.Security.Cryptography;
using System.Text;
using ActorTrading.Domain.Calendars;

namespace ActorTrading.Domain.Signals;

/// <summary>
/// The short name of a rule, derived from its content only, such as <c>buy-3f9a01c7</c>: the action and the first 8 hexadecimal digits of
/// the SHA-256 of its canonical text with every frame written. Two spellings of one rule have the same id.
/// </summary>
public static class RuleId
{
    /// <summary>The id of a rule in a plan whose smallest bar frame is <paramref name="defaultFrame"/>.</summary>
    public static string Of(Rule rule, Frame defaultFrame)
    {
        var text = rule.WithDefaultFrame(defaultFrame).ToString();
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(text));
        return $"{rule.Action.Name()}-{Convert.ToHexStringLower(hash.AsSpan(0, 4))}";
    }
}
