using System.Buffers.Binary;
using System.Security.Cryptography;

namespace DiffusionSharp;

/// <summary>
/// The first part of a checkpoint, which is the same bytes in every step of a generation: the request with its pictures, and whatever drew
/// noise before the first step. A store may keep it once, by its hash, and of each step only the rest.
/// </summary>
/// <param name="Length">Its bytes, from the beginning of the checkpoint.</param>
/// <param name="Hash">SHA-256 of these bytes, in hexadecimal.</param>
public readonly record struct CheckpointFront(int Length, string Hash)
{
    /// <summary>The front of a checkpoint.</summary>
    /// <param name="checkpoint">The whole checkpoint, or at least its front.</param>
    /// <returns>Its length and hash.</returns>
    /// <exception cref="CheckpointException">This is no checkpoint, or its front is cut off.</exception>
    public static CheckpointFront Of(ReadOnlySpan<byte> checkpoint)
    {
        if (checkpoint.Length < CheckpointFile.HeaderLength + sizeof(long) || !checkpoint.StartsWith(CheckpointFile.Magic))
        {
            throw new CheckpointException("This is no checkpoint of a generation.");
        }

        long payload = BinaryPrimitives.ReadInt64LittleEndian(checkpoint[CheckpointFile.HeaderLength..]);
        long length = CheckpointFile.HeaderLength + sizeof(long) + payload + SHA256.HashSizeInBytes;
        return payload >= 0 && length <= checkpoint.Length
            ? new CheckpointFront((int)length, Convert.ToHexString(SHA256.HashData(checkpoint[..(int)length])))
            : throw new CheckpointException("The checkpoint is cut off within its front.");
    }
}
