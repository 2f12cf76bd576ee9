namespace DiffusionSharp.Text;

/// <summary>How compel makes a prompt without a piece.</summary>
public enum CompelDownweighting
{
    /// <summary>The tokens stay where they are, and nothing attends to them.</summary>
    Mask,

    /// <summary>The tokens are left out, and those behind them move up.</summary>
    Remove,
}
