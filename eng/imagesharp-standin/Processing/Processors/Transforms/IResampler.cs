namespace SixLabors.ImageSharp.Processing.Processors.Transforms;

/// <summary>How much a pixel at a distance counts.</summary>
public interface IResampler
{
    float Radius { get; }

    float GetValue(float x);
}
