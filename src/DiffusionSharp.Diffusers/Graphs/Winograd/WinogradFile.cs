using System.Security.Cryptography;
using System.Text;
using DiffusionSharp.Diffusers.Safetensors;
using DiffusionSharp.OnnxRuntime.Safetensors;

namespace DiffusionSharp.Diffusers.Graphs;

/// <summary>
/// The transformed filters of one convolution in a safetensors file. It says which weights it was made of; one that was made of others, or is not whole,
/// does not count as being there.
/// </summary>
internal sealed class WinogradFile
{
    private const string Name = "filters";
    private const string Source = "source";
    private const int SamplePart = 1 << 16;

    private readonly StoredTensor _weight;
    private readonly WinogradForm _form;
    private readonly byte[] _header;

    /// <param name="folder">Its folder, which need not exist yet.</param>
    /// <param name="weight">The filters as they are published, <c>[K, C, 3, 3]</c>.</param>
    /// <param name="form">The form.</param>
    public WinogradFile(string folder, StoredTensor weight, WinogradForm form)
    {
        (_weight, _form) = (weight, form);
        long[] shape = [form.Points * form.Points, weight.Shape[1], weight.Shape[0]];
        _header = SafetensorsWriter.Header(Name, shape, new Dictionary<string, string> { [Source] = Identity(weight) });
        string path = Path.GetFullPath(Path.Combine(folder, $"{weight.Name}.f{form.Outputs}.safetensors"));
        Filters = new StoredTensor(Name, StoredType.Float32, shape, path, _header.Length, sizeof(float) * shape[0] * shape[1] * shape[2]);
    }

    /// <summary>The filters, <c>[points², C, K]</c>, where they lie or are going to.</summary>
    public StoredTensor Filters { get; }

    public bool IsThere
    {
        get
        {
            try
            {
                using FileStream file = File.OpenRead(Filters.Path);
                var start = new byte[_header.Length];
                return file.Length == Filters.Offset + Filters.Length && file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false) == start.Length && start.AsSpan().SequenceEqual(_header);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // Missing, mostly; whatever else it is shows when it is made.
                return false;
            }
        }
    }

    /// <summary>Makes the file: it is there whole or not at all, whoever else is making it and whenever it is stopped.</summary>
    /// <exception cref="ModelFormatException">It cannot be written.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public void Make(CancellationToken cancellationToken)
    {
        string path = Filters.Path;
        string unfinished = $"{path}.{Guid.NewGuid():N}";
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            try
            {
                using (FileStream file = File.Create(unfinished))
                {
                    file.Write(_header);
                    new WinogradTransform(_weight, _form).Write(file, cancellationToken);
                }

                File.Move(unfinished, path, overwrite: true);
            }
            catch
            {
                File.Delete(unfinished);
                throw;
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ModelFormatException(path, $"the transformed weights cannot be written: {e.Message} Set {nameof(FastSizes)}.{nameof(FastSizes.CacheFolder)} to a folder with room for them.", e);
        }
    }

    // Which file, when it was changed, and the ends of the tensor: gigabytes are not read to see that nothing has changed.
    private static string Identity(StoredTensor weight)
    {
        using FileStream file = File.OpenRead(weight.Path);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes($"{weight.Name} {weight.Type} {weight.ShapeText} {weight.Offset} {file.Length} {File.GetLastWriteTimeUtc(file.SafeFileHandle).Ticks}"));
        var part = new byte[Math.Min(SamplePart, weight.Length)];
        foreach (long offset in (ReadOnlySpan<long>)[weight.Offset, weight.Offset + weight.Length - part.Length])
        {
            file.Seek(offset, SeekOrigin.Begin);
            file.ReadExactly(part);
            hash.AppendData(part);
        }

        return Convert.ToHexString(hash.GetHashAndReset());
    }
}
