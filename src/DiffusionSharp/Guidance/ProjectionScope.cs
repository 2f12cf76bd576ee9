namespace DiffusionSharp.Guidance;

/// <summary>Which values of a prediction are a vector of their own, where guidance is split into parts along and across the prediction.</summary>
public enum ProjectionScope
{
    /// <summary>All values of a picture.</summary>
    Picture,

    /// <summary>Those of a channel of a picture.</summary>
    Channel,

    /// <summary>Those of a position, over the channels.</summary>
    Position,
}
