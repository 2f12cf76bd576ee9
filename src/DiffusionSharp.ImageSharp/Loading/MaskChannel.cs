namespace DiffusionSharp.ImageSharp;

/// <summary>What of a mask's pixels says where to repaint.</summary>
public enum MaskChannel
{
    /// <summary>Light repaints, dark keeps; transparent pixels count as black. The convention of diffusers and most web UIs.</summary>
    Brightness,

    /// <summary>Opaque repaints, transparent keeps, whatever the color: strokes on a layer of their own.</summary>
    Opacity,

    /// <summary>Transparent repaints, opaque keeps: a picture with a part erased.</summary>
    Transparency,
}
