using ActorTrading.Domain.Admission;

namespace ActorTrading.Wire.Binary;

/// <summary>
/// Why a binary stream could not be read any further: the refusal that its sender is told, the frame (from 1; 0 for
/// the magic) and the byte of the stream (from 0) where it begins. What came before is good.
/// </summary>
public sealed record StreamDamage(Rejection Rejection, long Frame, long Offset);
