using Microsoft.EntityFrameworkCore;

namespace XenViz.Server.Storage;

/// <summary>What outlives the process: the recordings and command logs of sessions.</summary>
public sealed class XenVizDbContext(DbContextOptions<XenVizDbContext> options) : DbContext(options)
{
    /// <summary>The version of the tables, kept in SQLite's own <c>user_version</c>.</summary>
    public const int Version = 1;

    /// <summary>One row a session.</summary>
    public DbSet<SessionRow> Sessions => Set<SessionRow>();

    /// <summary>One row a command.</summary>
    public DbSet<CommandRow> Commands => Set<CommandRow>();

    /// <inheritdoc/>
    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.Entity<SessionRow>(session =>
        {
            session.ToTable("sessions");
            session.HasKey(row => row.Id);
            session.Property(row => row.Id).HasMaxLength(64);
            session.HasIndex(row => row.Updated);
        });
        modelBuilder.Entity<CommandRow>(command =>
        {
            command.ToTable("commands");
            // No two writers can ever both append the same position.
            command.HasKey(row => new { row.Session, row.Sequence });
            command.Property(row => row.Session).HasMaxLength(64);
        });
    }
}

/// <summary>A session at rest.</summary>
public sealed class SessionRow
{
    /// <summary>The session's id.</summary>
    public required string Id { get; set; }

    /// <summary>The engine's recording, as JSON.</summary>
    public required string Recording { get; set; }

    /// <summary>The number of its newest frame, so that numbers go on where they were.</summary>
    public long Sequence { get; set; }

    /// <summary>The id of the uploaded image it runs on, or null.</summary>
    public string? Image { get; set; }

    /// <summary>When it was saved: milliseconds since 1970, UTC.</summary>
    public long Updated { get; set; }
}

/// <summary>A command that was carried out.</summary>
public sealed class CommandRow
{
    /// <summary>The session's id.</summary>
    public required string Session { get; set; }

    /// <summary>The number of the frame that it led to.</summary>
    public long Sequence { get; set; }

    /// <summary>The command in its travelling form, as JSON.</summary>
    public required string Command { get; set; }
}
