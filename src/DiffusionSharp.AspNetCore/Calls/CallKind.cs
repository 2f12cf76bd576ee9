namespace DiffusionSharp.AspNetCore;

/// <summary>What is asked for.</summary>
internal enum CallKind
{
    /// <summary>A picture from a prompt.</summary>
    Generation,

    /// <summary>A picture from a picture and a prompt.</summary>
    Edit,

    /// <summary>A picture from a picture alone.</summary>
    Variation,
}
