using ActorTrading.Domain.Admission;

namespace ActorTrading.Wire.Binary;

/// <summary>
/// The damage that ended a binary stream: the rejection for the sender, the frame (from 1; 0 for the magic), and its first byte in the
/// stream (from 0). Everything before it is valid.
/// </summary>
public sealed record StreamDamage(Rejection Rejection, long Frame, long Offset);
