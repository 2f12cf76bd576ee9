using System.Security.Cryptography;
using System.Text;

namespace DiffusionSharp.Diffusers.Hub;

/// <summary>A file that a repository has.</summary>
/// <param name="Path">Its path in the repository, with slashes.</param>
/// <param name="Size">Its bytes.</param>
/// <param name="Hash">SHA-256 of large files, and of others what git calls a blob; in hexadecimal.</param>
internal sealed record HubFile(string Path, long Size, string Hash)
{
    private const int GitHashLength = 40;
    private const int Sha256Length = 64;

    /// <summary>Whether a path stays in its folder on every system.</summary>
    public static bool IsSafe(string path) =>
        path.Length is > 0 and <= 1000
        && path.Split('/').All(part => part.Length is > 0 and <= 255 && part.Trim('.', ' ').Length > 0 && part[^1] is not ('.' or ' ') && !part.Any(letter => char.IsControl(letter) || "\\:*?\"<>|".Contains(letter, StringComparison.Ordinal)));

    /// <summary>Whether a text can be a file's hash.</summary>
    public static bool IsHash(string text) => text.Length is GitHashLength or Sha256Length && text.All(char.IsAsciiHexDigitLower);

    /// <summary>Begins to compute its hash.</summary>
    public IncrementalHash StartHash()
    {
        if (Hash.Length == Sha256Length)
        {
            return IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        }

#pragma warning disable CA5350 // It is how git names what it has, not a secret.
        var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA1);
#pragma warning restore CA5350
        hash.AppendData(Encoding.ASCII.GetBytes($"blob {Size}\0"));
        return hash;
    }
}
