using DiffusionSharp.ImageSharp;
using DiffusionSharp.Schedulers;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.PixelFormats;

namespace DiffusionSharp.Studio.Process;

/// <summary>A moment between picture and noise.</summary>
/// <param name="Timestep">t.</param>
/// <param name="Signal">sqrt(ᾱ_t), how much of the picture is left.</param>
/// <param name="Noise">sqrt(1 - ᾱ_t), how much noise there is.</param>
internal readonly record struct NoisePoint(int Timestep, double Signal, double Noise)
{
    public static NoisePoint At(NoiseSchedule schedule, int timestep)
    {
        double alphaBar = schedule.AlphaBar[timestep];
        return new NoisePoint(timestep, Math.Sqrt(alphaBar), Math.Sqrt(1 - alphaBar));
    }

    /// <summary>A tensor as the bytes of a PNG.</summary>
    public static byte[] Png(System.Numerics.Tensors.Tensor<float> pixels)
    {
        using Image<Rgb24> image = pixels.ToImage();
        using var file = new MemoryStream();
        image.SaveAsPng(file);
        return file.ToArray();
    }
}
