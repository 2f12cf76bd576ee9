namespace SixLabors.ImageSharp.Processing;

/// <summary>What gives when the old and the new size differ in shape.</summary>
public enum ResizeMode
{
    /// <summary>What sticks out is cut off.</summary>
    Crop,

    /// <summary>The rest is filled.</summary>
    Pad,

    /// <summary>As Pad, but never enlarged; not in the stand-in.</summary>
    BoxPad,

    /// <summary>The new size is the largest of the old shape that fits.</summary>
    Max,

    /// <summary>As Max, on the shortest side; not in the stand-in.</summary>
    Min,

    /// <summary>The shape.</summary>
    Stretch,

    /// <summary>By a given rectangle; not in the stand-in.</summary>
    Manual,
}
