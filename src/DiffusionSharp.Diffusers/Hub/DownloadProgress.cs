namespace DiffusionSharp.Diffusers;

/// <summary>How far a download is.</summary>
/// <param name="File">The file that is received.</param>
/// <param name="Received">Bytes of all files that are there, those from earlier downloads among them.</param>
/// <param name="Total">Bytes of all files.</param>
public readonly record struct DownloadProgress(string File, long Received, long Total);
