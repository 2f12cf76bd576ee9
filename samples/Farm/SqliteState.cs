using DiffusionSharp.Orleans;
using Microsoft.Data.Sqlite;

namespace DiffusionSharp.Samples;

/// <summary>
/// Grain storage in a SQLite file, for farms on one machine. Orleans' ADO.NET provider asks the database for its queries; these are for SQLite 3.35 or newer. The version of a
/// row is its ETag: a write that expects another one changes no row and returns none.
/// </summary>
internal static class SqliteState
{
    private const string Key = "GrainIdHash, GrainTypeHash, GrainIdN0, GrainIdN1, GrainTypeString, GrainIdExtensionString, ServiceId";

    private const string IsRow = """
        GrainIdHash = @GrainIdHash AND GrainTypeHash = @GrainTypeHash AND GrainIdN0 = @GrainIdN0 AND GrainIdN1 = @GrainIdN1
        AND GrainTypeString = @GrainTypeString AND GrainIdExtensionString = COALESCE(@GrainIdExtensionString, '') AND ServiceId = @ServiceId
        """;

    private const string Tables = $"""
        PRAGMA journal_mode = WAL;
        CREATE TABLE IF NOT EXISTS OrleansQuery (QueryKey TEXT PRIMARY KEY, QueryText TEXT NOT NULL);
        CREATE TABLE IF NOT EXISTS OrleansStorage
        (
            GrainIdHash INT NOT NULL, GrainTypeHash INT NOT NULL, GrainIdN0 BIGINT NOT NULL, GrainIdN1 BIGINT NOT NULL, GrainTypeString TEXT NOT NULL,
            GrainIdExtensionString TEXT NOT NULL, ServiceId TEXT NOT NULL, PayloadBinary BLOB NULL, Version INT NOT NULL, PRIMARY KEY ({Key})
        );
        """;

    private static readonly (string Name, string Text)[] Queries =
    [
        ("ReadFromStorageKey", $"SELECT PayloadBinary, Version FROM OrleansStorage WHERE {IsRow};"),
        ("WriteToStorageKey", $"""
            INSERT INTO OrleansStorage ({Key}, PayloadBinary, Version)
            VALUES (@GrainIdHash, @GrainTypeHash, @GrainIdN0, @GrainIdN1, @GrainTypeString, COALESCE(@GrainIdExtensionString, ''), @ServiceId, @PayloadBinary, 1)
            ON CONFLICT ({Key}) DO UPDATE SET PayloadBinary = excluded.PayloadBinary, Version = Version + 1 WHERE Version = @GrainStateVersion
            RETURNING Version AS NewGrainStateVersion;
            """),
        ("ClearStorageKey", $"""
            UPDATE OrleansStorage SET PayloadBinary = NULL, Version = Version + 1 WHERE {IsRow} AND Version = @GrainStateVersion
            RETURNING Version AS NewGrainStateVersion;
            """),
    ];

    /// <summary>Keeps the state of a silo in a file, which is made where it is not there.</summary>
    public static void Use(ISiloBuilder silo, string file)
    {
        string connection = new SqliteConnectionStringBuilder { DataSource = Path.GetFullPath(file) }.ToString();
        Create(connection);
        silo.AddAdoNetGrainStorage(GenerationFarm.StorageName, options => (options.Invariant, options.ConnectionString) = ("System.Data.SQLite", connection));
    }

    private static void Create(string connectionString)
    {
        using var connection = new SqliteConnection(connectionString);
        connection.Open();
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = Tables;
        command.ExecuteNonQuery();
        foreach ((string name, string text) in Queries)
        {
            using SqliteCommand query = connection.CreateCommand();
            query.CommandText = "INSERT INTO OrleansQuery VALUES ($name, $text) ON CONFLICT DO UPDATE SET QueryText = excluded.QueryText";
            query.Parameters.AddWithValue("$name", name);
            query.Parameters.AddWithValue("$text", text);
            query.ExecuteNonQuery();
        }
    }
}
