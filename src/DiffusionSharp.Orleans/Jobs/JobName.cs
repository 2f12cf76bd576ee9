using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace DiffusionSharp.Orleans;

/// <summary>What a job may be called: its blobs are named after it.</summary>
internal static partial class JobName
{
    public static void Require(string job)
    {
        ArgumentNullException.ThrowIfNull(job);
        if (!Allowed().IsMatch(job))
        {
            throw new ArgumentException($"'{job}' is no name of a job: 1 to 128 letters, digits, '.', '_' and '-', beginning with a letter or digit.", nameof(job));
        }
    }

    /// <summary>The seed of a job whose request has none, the same in every attempt.</summary>
    public static long Seed(string job) => BinaryPrimitives.ReadUInt32LittleEndian(SHA256.HashData(Encoding.UTF8.GetBytes(job)));

    [GeneratedRegex(@"\A[A-Za-z0-9][A-Za-z0-9._-]{0,127}\z")]
    private static partial Regex Allowed();
}
