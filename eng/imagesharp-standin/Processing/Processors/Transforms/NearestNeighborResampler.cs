namespace SixLabors.ImageSharp.Processing.Processors.Transforms;

/// <summary>Pixels are repeated or left out, never mixed.</summary>
public readonly struct NearestNeighborResampler : IResampler
{
    public float Radius => 1;

    public float GetValue(float x) => x;
}
